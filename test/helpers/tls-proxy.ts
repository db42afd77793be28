// A reverse proxy with TLS before a server, as Caddy or nginx would stand there, and certificates that only a test trusts.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./temporary.ts";

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** For NODE_EXTRA_CA_CERTS. */
  readonly file: string;
}

/** Signed by itself. @param name whom it is for, as in a certificate: `DNS:localhost` */
export function makeCertificate(name = "DNS:localhost,IP:127.0.0.1"): Certificate {
  const folder = temporaryFolder();
  const [keyFile, file] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const form = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const what = ["-subj", "/CN=approval test", "-addext", `subjectAltName=${name}`];
  execFileSync("openssl", ["req", ...form, ...what, "-keyout", keyFile, "-out", file], { stdio: "ignore" });
  return { key: readFileSync(keyFile, "utf8"), cert: readFileSync(file, "utf8"), file };
}

export interface TlsProxy {
  /** `https://localhost:1234` */
  readonly url: string;
  /** What was passed on: the headers of each request. */
  readonly seen: readonly NodeJS.Dict<string | string[]>[];
  close(): Promise<void>;
}

interface ProxyOptions {
  readonly certificate: Certificate;
  /** The name that it passes on as Host. Default: as the caller has it, as Caddy does. */
  readonly host?: string;
  /** Sends every caller there instead of passing anything on. */
  readonly redirectTo?: string;
}

/** Closed when the running test ends. */
export async function startTlsProxy(target: string, options: ProxyOptions): Promise<TlsProxy> {
  const { certificate, host, redirectTo } = options;
  const seen: NodeJS.Dict<string | string[]>[] = [];
  const server = createServer({ key: certificate.key, cert: certificate.cert }, (req, res) => {
    seen.push(req.headers);
    if (redirectTo !== undefined) {
      res.writeHead(307, { location: redirectTo + (req.url ?? "") }).end();
      return;
    }
    const headers = {
      ...req.headers,
      "x-forwarded-for": "203.0.113.7",
      ...(host === undefined ? {} : { host }),
    };
    const onward = request(target + (req.url ?? ""), { method: req.method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on("error", () => (res.headersSent ? res.destroy() : res.writeHead(502).end()));
    res.on("close", () => onward.destroy());
    req.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, seen, close };
}
