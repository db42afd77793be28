// Listens before the program behind it is ready, so that a port in use is noticed before anything else is touched.
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ConfigError } from "../domain/errors.ts";
import { limitConnections, localLimits, type PortLimits, serverOptions, unreadable } from "./port-limits.ts";

/** Connections that wait to be taken; the system's own limit (net.core.somaxconn) may be lower. */
const BACKLOG = 8_192;

export interface Listener {
  readonly port: number;
  /** Until this is called every request gets 503. */
  serve(app: RequestListener): void;
  /** Stops accepting, and breaks what is still open. */
  close(): Promise<void>;
}

/**
 * @param variable the environment variable that sets the port, for the error text
 * @param limits default: of the port for callers on this machine
 * @throws ConfigError when the port is in use or not allowed
 */
export async function listen(
  host: string,
  port: number,
  variable: string,
  limits: PortLimits = localLimits(),
): Promise<Listener> {
  let app: RequestListener = (_req, res) => {
    res.writeHead(503, { "retry-after": "1" }).end("starting\n");
  };
  const server = createServer(serverOptions(limits), (req, res) => {
    if (req.socket.destroyed) return;
    const { status, problem } = unreadable(req) ?? {};
    if (status === undefined) app(req, res);
    else res.writeHead(status, { connection: "close" }).end(`${problem}\n`);
  });
  limitConnections(server, limits);
  await started(server, host, port, variable);
  return {
    port: (server.address() as AddressInfo).port,
    serve(next) {
      app = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function started(server: Server, host: string, port: number, variable: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(portError(variable, host, port, error));
    });
    server.listen({ port, host, backlog: BACKLOG }, () => resolve());
  });
}

/** Something listens there already. */
export class PortTakenError extends ConfigError {
  readonly variable: string;
  readonly host: string;
  readonly port: number;
  constructor(variable: string, host: string, port: number) {
    super([
      `${variable}: port ${port} on ${host} is taken by another program. Stop that program or set ${variable} to another port.`,
    ]);
    this.variable = variable;
    this.host = host;
    this.port = port;
  }
}

/** What to say about a port that is not available. @param variable the environment variable that sets it */
export function portError(
  variable: string,
  host: string,
  port: number,
  { code }: NodeJS.ErrnoException,
): ConfigError {
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new ConfigError([
      `HOST: ${host} is not an address of this machine. Leave it out to listen on 127.0.0.1.`,
    ]);
  }
  if (code === "EACCES") {
    return new ConfigError([
      `${variable}: port ${port} on ${host} is not allowed for this user. Set ${variable} to one above 1023.`,
    ]);
  }
  if (code === "EADDRINUSE") return new PortTakenError(variable, host, port);
  return new ConfigError([
    `${variable}: port ${port} on ${host} cannot be used (${code}). Set ${variable} to another port.`,
  ]);
}

/** A host as it stands in an address: IPv6 in brackets. */
export function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
