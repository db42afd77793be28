// Stands between the server and a platform that it polls, and tells each piece of news twice: in one poll, and, backwards, in the next.
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReplayingProxy {
  readonly url: string;
  /** How often something was told again. */
  readonly replays: () => number;
  close(): Promise<void>;
}

interface Told {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

const POLL = /\/(getUpdates|updates)(\?|$)/;

export async function createReplayingProxy(target: string): Promise<ReplayingProxy> {
  let again: Told | undefined;
  let replays = 0;
  const server = createServer((req, res) => {
    const isPoll = POLL.test(req.url ?? "");
    const answer = ({ status, headers, body }: Told) => void res.writeHead(status, headers).end(body);
    if (isPoll && again !== undefined) {
      const { body } = again;
      answer({ ...again, body: backwards(body) });
      again = undefined;
      replays += 1;
      req.resume();
      return;
    }
    const { method, headers, url } = req;
    const onward = request(`${target}${url}`, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", () => {
        const body = Buffer.concat(chunks).toString();
        const { "content-length": _, "transfer-encoding": __, ...rest } = response.headers;
        const told = { status: response.statusCode ?? 502, headers: rest, body };
        if (isPoll && backwards(body) !== "") again = told;
        answer(told);
      });
    });
    onward.once("error", () => res.destroy());
    res.once("close", () => onward.destroy());
    req.pipe(onward);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    replays: () => replays,
    async close() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

interface Poll {
  readonly result?: unknown[];
  readonly entry?: readonly { readonly changes: readonly { readonly value: { messages?: unknown[] } }[] }[];
}

/** @returns the same news, the last first; empty where there are none */
function backwards(body: string): string {
  // No number of JavaScript holds it.
  const [end = ""] = /,"next_offset":\d+\}$/.exec(body) ?? [];
  let poll: Poll;
  try {
    poll = JSON.parse(end === "" ? body : `${body.slice(0, -end.length)}}`) as Poll;
  } catch {
    return "";
  }
  const lists = [
    poll.result,
    ...(poll.entry ?? []).flatMap(({ changes }) => changes.map(({ value }) => value.messages)),
  ];
  const news = lists.filter((list) => list !== undefined && list.length > 0);
  for (const list of news) list?.reverse();
  if (news.length === 0) return "";
  const text = JSON.stringify(poll);
  return end === "" ? text : text.slice(0, -1) + end;
}
