// Bytes that two servers could read in two ways, on both ports: each is refused, or read as one request. In its body, or behind an
// end that only one of the two sees, stands a request that somebody wants to hide; behind all of it another one, the last. What is
// hidden is never answered.
import { connect } from "node:net";
import { expect, it } from "vitest";
import { startStage } from "../helpers/server-stage.ts";

const HOST = "Host: 127.0.0.1\r\n";
const LAST = `GET /the-last HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;
/** Its answer is the only one with this status. */
const hidden = (path: string) => `GET ${path} HTTP/1.1\r\n${HOST}\r\n`;

interface Where {
  /** With what a POST begins whose body is not looked at, and one whose body is. */
  readonly post: string;
  readonly hidden: string;
}
/** "refused": nothing behind its head is answered but with 400, and the connection is closed. "one": it is answered, and the last one. */
type Row = readonly [what: string, becomes: "refused" | "one", bytes: (where: Where) => string];

const LENGTH = (text: string) => `Content-Length: ${text.length}\r\n`;
const CHUNKED = "Transfer-Encoding: chunked\r\n";
const END = "0\r\n\r\n";
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
/** Of a chunked body that holds the hidden request. */
const inChunks = (rest: string, header = CHUNKED) => `${header}\r\n${rest}${END}`;

const ROWS: readonly Row[] = [
  // Which of the two says where the body ends?
  [
    "a length and chunks, the length shorter",
    "refused",
    (w) => `${w.post}${LENGTH("1234")}${CHUNKED}\r\n${END}${w.hidden}`,
  ],
  [
    "chunks and a length, the length longer",
    "refused",
    (w) => `${w.post}${CHUNKED}${LENGTH(END + w.hidden)}\r\n${END}${w.hidden}`,
  ],
  [
    "chunks and a length of nothing",
    "refused",
    (w) => `${w.post}${CHUNKED}Content-Length: 0\r\n\r\n${chunk(w.hidden)}${END}`,
  ],
  ["two lengths that differ", "refused", (w) => `${w.post}${LENGTH("")}${LENGTH(w.hidden)}\r\n${w.hidden}`],
  [
    "two lengths that are the same",
    "refused",
    (w) => `${w.post}${LENGTH(w.hidden)}${LENGTH(w.hidden)}\r\n${w.hidden}`,
  ],
  [
    "two lengths in one line",
    "refused",
    (w) => `${w.post}Content-Length: 0, ${w.hidden.length}\r\n\r\n${w.hidden}`,
  ],
  ...["+4", "-1", "0x4", "4 4", "4_", "", "99999999999999999999", "4;q=1"].map(
    (value): Row => [
      `a length of "${value}"`,
      "refused",
      (w) => `${w.post}Content-Length: ${value}\r\n\r\n${w.hidden}`,
    ],
  ),
  [
    "a length with zeros in front",
    "one",
    (w) => `${w.post}Content-Length: 00${w.hidden.length}\r\n\r\n${w.hidden}`,
  ],
  // Is it chunked?
  ["chunked twice", "refused", (w) => w.post + inChunks(chunk(w.hidden), CHUNKED + CHUNKED)],
  [
    "chunked, then as it is",
    "refused",
    (w) => w.post + inChunks(chunk(w.hidden), `${CHUNKED}Transfer-Encoding: identity\r\n`),
  ],
  [
    "as it is, then chunked",
    "one",
    (w) => w.post + inChunks(chunk(w.hidden), `Transfer-Encoding: identity\r\n${CHUNKED}`),
  ],
  ...[
    "xchunked",
    "chunked;q=1",
    "chunked, x",
    "identity",
    "\x0bchunked",
    "chun ked",
    '"chunked"',
    "gzip",
  ].map(
    (value): Row => [
      `an encoding of "${JSON.stringify(value).slice(1, -1)}"`,
      "refused",
      (w) => w.post + inChunks(chunk(w.hidden), `Transfer-Encoding: ${value}\r\n`),
    ],
  ),
  [
    "chunks in HTTP/1.0",
    "refused",
    (w) => w.post.replace("HTTP/1.1", "HTTP/1.0") + inChunks(chunk(w.hidden)),
  ],
  // Where does a chunk end?
  ["chunks", "one", (w) => w.post + inChunks(chunk(w.hidden))],
  [
    "a chunk with an extension",
    "one",
    (w) => `${w.post}${CHUNKED}\r\n${w.hidden.length.toString(16)};a=b\r\n${w.hidden}\r\n${END}`,
  ],
  [
    "a chunk with an extension that has a line feed",
    "refused",
    (w) => `${w.post}${CHUNKED}\r\n1;a\n${w.hidden}\r\n${END}`,
  ],
  [
    "a chunk with a quoted line end",
    "refused",
    (w) => `${w.post}${CHUNKED}\r\n1;a="\r\n${w.hidden}"\r\nx\r\n${END}`,
  ],
  [
    "an extension of 20 kB",
    "refused",
    (w) => `${w.post}${CHUNKED}\r\n1;${"a".repeat(20_000)}\r\nx\r\n${END}${w.hidden}`,
  ],
  ...["FFFFFFFFFFFFFFFFF", "10000000000000001", "0x1", "-1", "+1", " 1", "1 ", "", "g", "1\t", "1,1"].map(
    (size): Row => [
      `a chunk of "${size}"`,
      "refused",
      (w) => `${w.post}${CHUNKED}\r\n${size}\r\nx\r\n${END}${w.hidden}`,
    ],
  ),
  ["a chunk longer than it says", "refused", (w) => `${w.post}${CHUNKED}\r\n1\r\nx${w.hidden}${END}`],
  [
    "a chunk that ends with a line feed",
    "refused",
    (w) => `${w.post}${CHUNKED}\r\n1\r\nx\n${END}${w.hidden}`,
  ],
  ["a size that ends with a line feed", "refused", (w) => `${w.post}${CHUNKED}\r\n1\nx\r\n${END}${w.hidden}`],
  ["a trailer", "one", (w) => `${w.post}${CHUNKED}\r\n${chunk(w.hidden)}0\r\nX-A: b\r\n\r\n`],
  [
    "a trailer that would be a header",
    "refused",
    (w) => `${w.post}${CHUNKED}\r\n0\r\nContent-Length: 99\r\nHost: x\r\n\r\n`,
  ],
  // Where does a header end?
  ["a header on two lines", "refused", (w) => `${w.post}X-A: b\r\n c\r\n${LENGTH(w.hidden)}\r\n${w.hidden}`],
  [
    "an encoding on two lines",
    "refused",
    (w) => w.post + inChunks(chunk(w.hidden), "Transfer-Encoding:\r\n chunked\r\n"),
  ],
  [
    "a length on two lines",
    "refused",
    (w) => `${w.post}Content-Length:\r\n ${w.hidden.length}\r\n\r\n${w.hidden}`,
  ],
  ["a carriage return in a header", "refused", (w) => `${w.post}X-A: b\rX-B: c\r\n\r\n${w.hidden}`],
  ["a line feed alone between headers", "refused", (w) => `${w.post}X-A: b\nX-B: c\r\n\r\n${w.hidden}`],
  ["line feeds alone at the end", "refused", (w) => `${w.post}X-A: b\n\n${w.hidden}`],
  ["a NUL in a header", "refused", (w) => `${w.post}X-A: b\0c\r\n\r\n${w.hidden}`],
  [
    "a space before the colon",
    "refused",
    (w) => `${w.post}Content-Length : ${w.hidden.length}\r\n\r\n${w.hidden}`,
  ],
  [
    "a tab before the colon",
    "refused",
    (w) => `${w.post}Transfer-Encoding\t: chunked\r\n\r\n${END}${w.hidden}`,
  ],
  ["a space in a name", "refused", (w) => `${w.post}Content Length: 4\r\n\r\n${w.hidden}`],
  ["a header without a colon", "refused", (w) => `${w.post}X-A\r\n\r\n${w.hidden}`],
  ["a header without a name", "refused", (w) => `${w.post}: b\r\n\r\n${w.hidden}`],
  [
    "a first header that begins with a space",
    "refused",
    (w) => w.post.replace(HOST, ` X-A: b\r\n${HOST}`) + `\r\n${w.hidden}`,
  ],
  // For whom is it?
  ["two hosts that differ", "refused", (w) => `${w.post}Host: evil.example\r\n\r\n${w.hidden}`],
  ["two hosts that are the same", "refused", (w) => `${w.post}${HOST}\r\n${w.hidden}`],
  ["no host", "refused", (w) => `${w.post.replace(HOST, "")}\r\n${w.hidden}`],
  ["an address with another host", "refused", (w) => `${w.post.replace(" /", " http://evil.example/")}\r\n`],
  // Is it HTTP/1.1 at all?
  ["HTTP/1.0", "refused", (w) => `${w.post.replace("HTTP/1.1", "HTTP/1.0")}\r\n${w.hidden}`],
  ["the beginning of HTTP/2", "refused", (w) => `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${w.hidden}`],
  ...["HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/1.10", "HTTP/11", "ICE/1.0", "http/1.1"].map(
    (version): Row => [version, "refused", (w) => `${w.post.replace("HTTP/1.1", version)}\r\n${w.hidden}`],
  ),
  ["a request without a version", "refused", (w) => `GET /\r\n\r\n${w.hidden}`],
  ["a space in the address", "refused", (w) => `${w.post.replace(" HTTP", " x HTTP")}\r\n${w.hidden}`],
  ["a method in small letters", "refused", (w) => `${w.post.replace("POST", "post")}\r\n${w.hidden}`],
  ["an empty line in front", "one", (w) => `\r\n${w.post}${LENGTH(w.hidden)}\r\n${w.hidden}`],
  // Is what follows still HTTP?
  [
    "an upgrade to WebSocket with a body",
    "refused",
    (w) => `${w.post}Upgrade: websocket\r\nConnection: Upgrade, close\r\n${LENGTH(w.hidden)}\r\n${w.hidden}`,
  ],
  [
    "an upgrade to HTTP/2 with a body",
    "refused",
    (w) =>
      `${w.post}Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings, close\r\nHTTP2-Settings: AAMAAABk\r\n${LENGTH(w.hidden)}\r\n${w.hidden}`,
  ],
  ["a tunnel", "refused", (w) => `CONNECT 127.0.0.1:1 HTTP/1.1\r\n${HOST}\r\n${w.hidden}`],
  [
    "a body that waits for a word",
    "one",
    (w) => `${w.post}Expect: 100-continue\r\n${LENGTH(w.hidden)}\r\n${w.hidden}`,
  ],
  [
    "a body that waits for another word",
    "refused",
    (w) => `${w.post}Expect: 200-ok\r\n${LENGTH(w.hidden)}\r\n${w.hidden}`,
  ],
  ["a GET with a body", "one", (w) => `${w.post.replace("POST", "GET")}${LENGTH(w.hidden)}\r\n${w.hidden}`],
];

/** All that comes until the server closes the connection: after the last request, and after what it refuses. */
function answers(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.from(bytes, "latin1")));
    let all = "";
    socket.setEncoding("latin1");
    socket.on("data", (part: string) => {
      all += part;
    });
    socket.on("error", () => {});
    socket.once("close", () => resolve(all));
  });
}

it.each(["local", "public"] as const)("the %s port reads nothing as two requests", async (name) => {
  const { server } = await startStage();
  const port = Number(new URL(name === "local" ? server.localUrl : server.webhookUrl).port);
  const path = name === "local" ? "/health" : "/twilio-webhook";
  const where = { post: `POST /nothing HTTP/1.1\r\n${HOST}`, hidden: hidden(path) };
  const found: string[] = [];
  for (const [what, becomes, bytes] of ROWS) {
    const text = await answers(port, bytes(where) + LAST);
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
    const said = statuses.filter((status) => status !== 100);
    const isOne = said.length === 2 && said[1] === 404 && !said.includes(200);
    const isRefused = said.every((status, at) => status >= 400 && (at === 0 || (at === 1 && status === 400)));
    if (becomes === "one" ? !isOne : !isRefused) found.push(`${what}: ${said.join(" ")}`);
  }
  expect(found).toEqual([]);
});
