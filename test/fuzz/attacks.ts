// What somebody does to a port who only wants it to stop working, or to be read in two ways. All of it to 127.0.0.1, bounded.
import { connect, type Socket } from "node:net";

type Port = "local" | "public";

export interface Attack {
  readonly name: string;
  readonly ports: readonly Port[];
  /** Goes on until the process is ended. */
  run(port: number): void;
}

const BOTH: readonly Port[] = ["local", "public"];
const HOST = "Host: 127.0.0.1\r\n";

/** One connection; whatever becomes of it is no error here. */
function open(port: number, text: string | Buffer = "", then?: (socket: Socket) => void): Socket {
  const socket = connect(port, "127.0.0.1", () => {
    if (text !== "") socket.write(text);
    then?.(socket);
  });
  return socket.on("error", () => {}).on("data", () => {});
}

/** So many connections, each made anew when it is closed, at most so many a second. */
function keepOpen(count: number, each: () => Socket, perSecond = 500): void {
  let alive = 0;
  setInterval(() => {
    for (let n = 0; n < perSecond / 20 && alive < count; n += 1) {
      alive += 1;
      each().once("close", () => {
        alive -= 1;
      });
    }
  }, 50);
}

/** Sends a little every second. */
const trickle = (bytes: string) => (socket: Socket) => {
  const timer = setInterval(() => socket.write(bytes), 1_000);
  socket.once("close", () => clearInterval(timer));
};

/** One request after the other, each on a connection of its own. */
const again = (port: number, text: string | Buffer, atOnce = 50) =>
  keepOpen(atOnce, () => open(port, text, (socket) => setTimeout(() => socket.destroy(), 200)), 1_000);

const CHUNKED = `POST /twilio-webhook HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`;
const POST = `POST /twilio-webhook HTTP/1.1\r\n${HOST}Content-Type: application/x-www-form-urlencoded\r\n`;
const GET = `GET /twilio-webhook HTTP/1.1\r\n${HOST}`;

export const ATTACKS: readonly Attack[] = [
  {
    name: "2,000 headers of a byte a second",
    ports: BOTH,
    run: (port) => keepOpen(2_000, () => open(port, `${GET}X-Slow: `, trickle("a"))),
  },
  {
    name: "10,000 connections opened and left",
    ports: BOTH,
    run: (port) => keepOpen(10_000, () => open(port), 2_000),
  },
  {
    name: "2,000 bodies of a byte a second",
    ports: BOTH,
    run: (port) => keepOpen(2_000, () => open(port, `${POST}Content-Length: 100000\r\n\r\n`, trickle("a"))),
  },
  {
    name: "2,000 bodies behind a forged signature",
    ports: ["public"],
    run: (port) =>
      keepOpen(2_000, () =>
        open(port, `${POST}X-Twilio-Signature: x\r\nContent-Length: 100000\r\n\r\n`, trickle("a")),
      ),
  },
  {
    name: "floods of headers",
    ports: BOTH,
    run: (port) => again(port, `${GET}${Array.from({ length: 3_000 }, () => "a:\r\n").join("")}\r\n`),
  },
  {
    name: "huge addresses",
    ports: BOTH,
    run: (port) => again(port, `GET /${"a".repeat(60_000)} HTTP/1.1\r\n${HOST}\r\n`),
  },
  {
    name: "many paths that are not there",
    ports: ["public"],
    run: (port) => {
      let n = 0;
      keepOpen(
        50,
        () => {
          n += 1;
          return open(port, `GET /${"x".repeat(2_000)}${n} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`);
        },
        1_000,
      );
    },
  },
  {
    name: "unsigned webhooks",
    ports: ["public"],
    run: (port) => again(port, `${POST}Content-Length: 9\r\n\r\nBody=hello`),
  },
  { name: "pipelined requests", ports: BOTH, run: (port) => again(port, `${GET}\r\n`.repeat(100), 5) },
  {
    name: "half-closed connections",
    ports: BOTH,
    run: (port) => keepOpen(1_000, () => open(port, GET, (socket) => socket.end())),
  },
  { name: "chunks that are none", ports: BOTH, run: (port) => again(port, `${CHUNKED}zz\r\nx\r\n0\r\n\r\n`) },
  {
    name: "chunks without an end",
    ports: BOTH,
    run: (port) => keepOpen(200, () => open(port, CHUNKED, trickle("1\r\na\r\n"))),
  },
  { name: "HTTP/2", ports: BOTH, run: (port) => again(port, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") },
  { name: "TLS", ports: BOTH, run: (port) => again(port, Buffer.from("16030100c8010000c40303", "hex")) },
  {
    name: "WebSocket",
    ports: BOTH,
    run: (port) =>
      again(
        port,
        `${GET}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      ),
  },
  {
    name: "CONNECT",
    ports: BOTH,
    run: (port) => again(port, `CONNECT example.com:443 HTTP/1.1\r\n${HOST}\r\n`),
  },
  { name: "TRACE", ports: BOTH, run: (port) => again(port, `TRACE / HTTP/1.1\r\n${HOST}\r\n`) },
  {
    name: "Expect: 100-continue",
    ports: BOTH,
    run: (port) =>
      keepOpen(500, () => open(port, `${POST}Expect: 100-continue\r\nContent-Length: 9\r\n\r\n`)),
  },
  {
    name: "two lengths",
    ports: BOTH,
    run: (port) =>
      again(
        port,
        `${POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\n${HOST}\r\n`,
      ),
  },
];
