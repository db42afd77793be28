// Whether the ports are free, or taken by nobody but the server itself.
import { createServer } from "node:net";
import { type Check, failure, ok } from "./check.ts";

export interface PortProbe {
  /** The environment variable that sets it. */
  readonly variable: string;
  readonly host: string;
  readonly port: number;
  /** Who answers there: this server, also one that cannot record, this server with another APPROVAL_TOKEN, or something else or nobody. */
  readonly whoAnswers: () => Promise<"server" | "not recording" | "other token" | "unknown">;
}

export function portsCheck(probes: readonly PortProbe[]): Check {
  return {
    description: "ports",
    async run() {
      const found = await Promise.all(probes.map(examine));
      const detail = found.map(({ text }) => text).join("\n");
      const advice = found.flatMap(({ advice }) => advice ?? []);
      return advice.length === 0 ? ok(detail) : failure(detail, advice.join("\n"));
    },
  };
}

async function examine({
  variable,
  host,
  port,
  whoAnswers,
}: PortProbe): Promise<{ text: string; advice?: string }> {
  const name = `${variable} ${port}`;
  if (port === 0) return { text: `${variable}: chosen at the start` };
  const problem = await tryToListen(host, port);
  if (problem === undefined) return { text: `${name}: free` };
  if (problem !== "EADDRINUSE") {
    return { text: `${name}: cannot be used (${problem})`, advice: `Set ${variable} to another port.` };
  }
  const who = await whoAnswers().catch(() => "unknown" as const);
  if (who === "server") return { text: `${name}: the approval server is running` };
  if (who === "not recording") {
    return {
      text: `${name}: the approval server is running, but cannot record requests: nothing can be approved`,
      advice: "See its log and /health; restart it once the database can be written.",
    };
  }
  return who === "other token"
    ? {
        text: `${name}: an approval server is running with another APPROVAL_TOKEN`,
        advice: "Set APPROVAL_TOKEN as that server has it, or restart it.",
      }
    : {
        text: `${name}: taken by another program`,
        advice: `Stop that program or set ${variable} to another port.`,
      };
}

/** @returns the error's code; undefined when the port is free. */
function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
