// Connections that are opened and left, headers that never end, bodies of a byte a second: on both ports others get through.
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type Listener, listen } from "../../src/server/listener.ts";
import {
  localLimits,
  type PortLimits,
  PUBLIC_LIMITS,
  publicLimits,
  unreadable,
} from "../../src/server/port-limits.ts";

const open: Socket[] = [];
const listeners: Listener[] = [];
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
});

const FEW: PortLimits = {
  connections: 5,
  headersMs: 60_000,
  requestMs: 60_000,
  requests: 3,
  unanswered: 2,
};

async function start(limits = FEW): Promise<number> {
  const listener = await listen("127.0.0.1", 0, "SERVER_PORT", limits);
  listeners.push(listener);
  listener.serve((req, res) => {
    if (req.url === "/wait") return void res.write("begun\n");
    req.resume().once("end", () => res.end(`served ${req.url}\n`));
  });
  return listener.port;
}

interface Client {
  readonly socket: Socket;
  /** Resolves with all that came once the server has closed it. */
  readonly closed: Promise<string>;
  /** Resolves once this has come. */
  got(text: string): Promise<void>;
}

function client(port: number, text = ""): Promise<Client> {
  const socket = connect(port, "127.0.0.1");
  open.push(socket);
  let all = "";
  const waiting: { readonly text: string; readonly done: () => void }[] = [];
  socket.on("data", (chunk) => {
    all += chunk;
    for (const each of waiting) if (all.includes(each.text)) each.done();
  });
  socket.on("error", () => {});
  const closed = new Promise<string>((resolve) => socket.once("close", () => resolve(all)));
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.write(text);
      resolve({
        socket,
        closed,
        got: (wanted) =>
          new Promise((done) => (all.includes(wanted) ? done() : waiting.push({ text: wanted, done }))),
      });
    });
  });
}

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const WAIT = "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n";
const BEGUN = "POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ";
const SLOW_BODY = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\na";

/** What has come once the server has read so much. */
const ANSWERED: Readonly<Record<string, string>> = {
  [GET]: "served",
  [WAIT]: "begun",
  [SLOW_BODY]: "100 Continue",
};

describe("where a port has all the connections that it may have", () => {
  it.each([
    ["that have sent nothing", ""],
    ["with half a header", BEGUN],
    ["with half a body", SLOW_BODY],
    ["that are idle after a request", GET],
  ])("the oldest of those %s goes, and a whole request is served", async (_, text) => {
    const port = await start();
    const left: Client[] = [];
    for (let n = 0; n < FEW.connections; n += 1) {
      const next = await client(port, text);
      if (text in ANSWERED) await next.got(ANSWERED[text] ?? "");
      left.push(next);
    }
    const whole = await client(port, GET);
    await whole.got("served");
    await left[0]?.closed;
    const others = await Promise.all(left.slice(1).map(({ socket }) => socket.destroyed));
    expect(others).toEqual([false, false, false, false]);
  });

  it("what waits for its answer stays, and of the others the oldest goes, whatever it has sent of a request", async () => {
    const port = await start();
    const waiting = await client(port, WAIT);
    await waiting.got("begun");
    const slow = await client(port, SLOW_BODY);
    await slow.got("100 Continue");
    const silent = await client(port);
    await client(port);
    await client(port);
    const whole = await client(port, GET);
    await whole.got("served");
    await slow.closed;
    expect([waiting.socket.destroyed, silent.socket.destroyed]).toEqual([false, false]);
  });

  it("and all wait for their answer, the new one goes", async () => {
    const port = await start();
    const waiting: Client[] = [];
    for (let n = 0; n < FEW.connections; n += 1) {
      const next = await client(port, WAIT);
      await next.got("begun");
      waiting.push(next);
    }
    expect(await (await client(port, GET)).closed).toBe("");
    expect(waiting.map(({ socket }) => socket.destroyed)).toEqual([false, false, false, false, false]);
  });
});

describe("a request that does not end", () => {
  it.each([
    ["header", BEGUN],
    ["body", SLOW_BODY],
    ["connection without one", ""],
  ])("is given up: its %s", async (_, text) => {
    const port = await start({ ...FEW, headersMs: 10, requestMs: 20 });
    const { closed } = await client(port, text);
    expect(await closed).toMatch(/^(HTTP\/1\.1 (408 Request Timeout|100 Continue)\r\n[\s\S]*)?$/);
  });

  it("is not one whose answer takes long", async () => {
    const port = await start({ ...FEW, headersMs: 2_000, requestMs: 2_500 });
    const { socket, got } = await client(port, WAIT);
    await got("begun");
    const late = await client(port, SLOW_BODY);
    await late.closed;
    expect(socket.destroyed).toBe(false);
  });
});

describe("headers", () => {
  it("are refused where they are more than are read: a proxy's own mark may be the last of them", async () => {
    const port = await start();
    const many = Array.from({ length: 2_100 }, () => "a:\r\n").join("");
    const { closed } = await client(
      port,
      `GET / HTTP/1.1\r\nHost: x\r\n${many}X-Forwarded-For: 1.2.3.4\r\n\r\n`,
    );
    expect(await closed).toMatch(/^HTTP\/1\.1 431 /);
    const most = Array.from({ length: 400 }, () => "a");
    expect(unreadable({ rawHeaders: most, url: "/" })).toBeUndefined();
  });
});

describe("one connection", () => {
  it("may send no more requests at once than it waits for answers; others are served", async () => {
    const port = await start();
    const served: string[] = [];
    const flood = await client(port, WAIT.repeat(3) + GET.repeat(500));
    served.push(await flood.closed);
    expect(served).toEqual([""]);
    await (await client(port, GET)).got("served");
  });

  it("may not send them under an expectation that nobody knows either", async () => {
    const port = await start();
    const odd = GET.replace("\r\n\r\n", "\r\nExpect: more\r\n\r\n");
    expect(await (await client(port, odd)).closed).toMatch(/^HTTP\/1\.1 417 /);
    expect(await (await client(port, WAIT + odd.repeat(500))).closed).not.toContain("417");
    await (await client(port, GET)).got("served");
  });

  it("has its last request answered with the word that it is the last one", async () => {
    const port = await start();
    const one = await client(port);
    for (let n = 1; n <= FEW.requests; n += 1) {
      one.socket.write(GET.replace("/", `/${n}`));
      await one.got(`served /${n}`);
    }
    await one.got("Connection: close");
  });
});

describe("the limit of the local port", () => {
  it("leaves files for the rest where the process may open few, and allows 5,000 waiting calls where it may open more", () => {
    expect(localLimits(1_024).connections).toBe(1_024 - PUBLIC_LIMITS.connections - 300);
    expect(localLimits(100).connections).toBe(100);
    expect(localLimits(20_000).connections).toBeGreaterThan(5_000);
    expect(localLimits(undefined).connections).toBeGreaterThan(5_000);
  });
});

describe("the limit of the public port", () => {
  it("takes a thousand webhooks at once where enough files may be open, and never the callers' own", () => {
    expect(publicLimits(20_000).connections).toBeGreaterThan(1_000);
    expect(publicLimits(undefined).connections).toBeGreaterThan(1_000);
    for (const files of [100, 1_024, 4_096, 10_240, 20_000, 1_000_000])
      expect(publicLimits(files).connections).toBeLessThan(Math.max(600, files / 4));
    expect(publicLimits(1_024)).toEqual(PUBLIC_LIMITS);
  });

  it("serves a thousand that come at the same moment, each on a connection of its own", async () => {
    const port = await start(publicLimits(20_000));
    const clients = await Promise.all(
      Array.from({ length: 1_000 }, () =>
        client(port, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"),
      ),
    );
    const answers = await Promise.all(clients.map(({ closed }) => closed));
    expect(answers.filter((answer) => !answer.includes("served"))).toEqual([]);
  });
});
