// Stands between the server and Twilio, hands on what it gets, and lies where it is told to.
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What is done instead of handing a call on; `honest` does that. */
export type Lie = (res: ServerResponse, honest: () => void) => void;

export interface LyingProxy {
  readonly url: string;
  /** Asked for every call: its method, its path. */
  lieAbout(choose: (method: string, path: string) => Lie | undefined): void;
  close(): Promise<void>;
}

export async function createLyingProxy(target: string): Promise<LyingProxy> {
  let choose: (method: string, path: string) => Lie | undefined = () => undefined;
  const server = createServer((req, res) => {
    const lie = choose(req.method ?? "", req.url ?? "");
    if (lie === undefined) return handOn(req, res, target);
    lie(res, () => handOn(req, res, target));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lieAbout(next) {
      choose = next;
    },
    async close() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

function handOn(req: IncomingMessage, res: ServerResponse, target: string): void {
  const { method, headers, url } = req;
  const onward = request(`${target}${url}`, { method, headers }, (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(res);
  });
  onward.once("error", () => res.destroy());
  req.pipe(onward);
}

const body =
  (status: number, type: string, text: string, more: Record<string, string> = {}): Lie =>
  (res) => {
    res.writeHead(status, { "content-type": type, ...more });
    res.end(text);
  };
const json = (status: number, value: unknown, more: Record<string, string> = {}) =>
  body(status, "application/json", JSON.stringify(value), more);
const HUGE = 32 * 1024 * 1024;

/** Ways in which the other side fails to answer as it should; none of them says that it has done anything. */
export const LIES: Readonly<Record<string, Lie>> = {
  hangs: () => {},
  "breaks the connection": (res) => res.socket?.destroy(),
  "breaks off in the middle of its answer": (res) => {
    res.writeHead(200, { "content-type": "application/json", "content-length": "4000" });
    res.write('{"sid":"SM');
    setTimeout(() => res.socket?.destroy(), 5);
  },
  "says yes in HTML": body(200, "text/html", "<html><body>OK, approved</body></html>"),
  "says yes with an empty object": json(200, {}),
  "says yes with null": json(200, null),
  "says yes with a list": json(200, []),
  "says yes with garbage": body(200, "application/json", "}{ approved"),
  "says yes with nothing": body(200, "application/json", ""),
  "names no SID but a number": json(201, { sid: 17, status: "queued" }),
  "answers with 32 MB": body(200, "application/json", `{"sid":"${"x".repeat(HUGE)}"}`),
  "claims to be compressed": body(200, "application/json", "not gzip", { "content-encoding": "gzip" }),
  redirects: body(302, "text/plain", "", { location: "http://127.0.0.1:9/elsewhere" }),
  "is rate limited until no day": json(429, { code: 20429 }, { "retry-after": "never" }),
  "is rate limited for a century": json(429, { code: 20429 }, { "retry-after": "3153600000" }),
  "is rate limited for less than nothing": json(429, { code: 20429 }, { "retry-after": "-5" }),
  "does not know us": json(401, { code: 20003, message: "Authenticate" }),
  "has closed the account": json(403, { code: 20005, message: "Account not active" }),
  "knows no such thing": json(404, { code: 20404 }),
  fails: body(500, "text/html", "<html>Internal Server Error</html>"),
  "is down": body(503, "text/plain", "upstream connect error"),
};
