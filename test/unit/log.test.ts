// The real log, with only its last step replaced: what it would write to stderr is kept instead.
import { beforeEach, describe, expect, it } from "vitest";
import { ConfigError, DeliveryError } from "../../src/domain/errors.ts";
import { MAX_LINE_BYTES } from "../../src/server/line-limit.ts";
import { createLog, describeError, type LogOptions } from "../../src/server/log.ts";
import type { Send } from "../../src/server/output.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";
const OTHER = "another-secret-$&-with-[regex]-signs";

/** Every control but the line break, and one that reorders. */
const STEERS = /[^\P{Cc}\n]|\u202e/u;

let written = "";

beforeEach(() => {
  written = "";
});

function openLog(options: Partial<LogOptions> = {}) {
  const send: Send = (text, done) => {
    written += text;
    done(true);
  };
  return createLog({ level: "debug", terminal: false, secrets: [TOKEN, OTHER], send, ...options });
}

/** An error as axios makes it: the whole request hangs on it, credentials included. */
function axiosError(message = "Request failed with status code 401"): Error {
  const auth = `Basic ${Buffer.from(`AC1:${TOKEN}`).toString("base64")}`;
  return Object.assign(new Error(message), {
    name: "AxiosError",
    code: "ERR_BAD_REQUEST",
    config: { headers: { Authorization: auth }, auth: { password: TOKEN } },
    request: { _header: `Authorization: ${auth}` },
    response: { config: { headers: { Authorization: auth } } },
  });
}

describe("a line", () => {
  it.each([
    ["a text", { path: "é".repeat(40_000) }],
    ["many texts", Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`k${at}`, "x".repeat(50)]))],
    ["a list in a list", { all: [[[[["x".repeat(9_000)]]]], ["y".repeat(90_000)]] }],
    ["long names", { ["k".repeat(20_000)]: 1 }],
    ["an error", { err: new Error("\u0001\u0002".repeat(9_000)) }],
    ["the message", {}],
  ])("has so many bytes at most, says what it had, and is one of JSON: %s", (what, fields) => {
    openLog().warn(fields, what === "the message" ? "\u0001".repeat(30_000) : "something is wrong");
    expect(Buffer.byteLength(written)).toBeLessThanOrEqual(MAX_LINE_BYTES);
    const line = JSON.parse(written) as Record<string, unknown>;
    expect(line).toMatchObject({ level: 40, time: expect.any(Number), cutFrom: expect.any(Number) });
    expect(line["cutFrom"]).toBeGreaterThan(MAX_LINE_BYTES);
    if (what !== "the message") expect(line["msg"]).toBe("something is wrong");
  });

  it("that is cut shows no part of a secret that stands where it is cut", () => {
    for (let before = 1_990; before < 2_000; before += 1)
      openLog().warn({ path: `${"a".repeat(before)}${TOKEN}${"b".repeat(20_000)}` }, "long");
    expect(written).toContain("cutFrom");
    expect(written).not.toContain(TOKEN.slice(0, 4));
  });
});

describe("the log", () => {
  it("writes lines of JSON", () => {
    openLog().info({ id: "kqmwa", count: 2 }, "request ended");
    expect(written).toMatch(/\n$/);
    expect(JSON.parse(written)).toMatchObject({ id: "kqmwa", count: 2, msg: "request ended", level: 30 });
  });

  it("writes readable lines on a terminal", () => {
    openLog({ terminal: true }).warn({ id: "kqmwa" }, "request ended");
    expect(written).toContain("request ended");
    expect(written).toContain("kqmwa");
    expect(() => JSON.parse(written)).toThrow();
  });

  it("writes readable lines without colours where a file or a pipe is to have them", () => {
    openLog({ terminal: true, colours: false }).warn({ id: "kqmwa" }, "request ended");
    expect(written).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: request ended\n/);
    written = "";
    openLog({ terminal: true, colours: true }).warn({ id: "kqmwa" }, "request ended");
    expect(written).toContain("\u001b[");
  });

  it.each<[string, (evil: string) => unknown]>([
    ["an error", (evil) => new Error(evil)],
    ["an error's cause", (evil) => new Error("it failed", { cause: new Error(evil) })],
    ["an error that says what to do", (evil) => new DeliveryError(evil, evil, 63_016)],
    ["wrong settings", (evil) => new ConfigError([evil])],
    ["a thrown text", (evil) => evil],
  ])("steers no terminal and forges no line by the words of %s", (_, thrown) => {
    const evil = "x\n[12:00:00] INFO: approved by …0006\u001b[2J\u202e\u009b1m\r";
    openLog({ terminal: true, colours: false }).warn({ err: thrown(evil), path: evil }, "it failed");
    expect(written).toContain("approved by …0006");
    expect(written).not.toMatch(/^\[12:00:00\]/m);
    expect(written).not.toMatch(STEERS);
    written = "";
    openLog().warn({ err: thrown(evil) }, "it failed");
    expect(written).not.toMatch(STEERS);
  });

  it("writes nothing below its level, and nothing at all when silent", () => {
    openLog({ level: "warn" }).info({}, "too low");
    openLog({ level: "silent" }).error({}, "not wanted");
    expect(written).toBe("");
  });
});

describe.each([false, true])("a secret (terminal: %s)", (terminal) => {
  it.each<[string, object, string]>([
    ["the message", {}, `token ${TOKEN}, again ${TOKEN}`],
    ["a field", { token: TOKEN }, "x"],
    ["a nested field", { a: [{ b: { c: `x${TOKEN}y` } }] }, "x"],
    ["a field's name", { [TOKEN]: 1 }, "x"],
    ["an error's message", { err: new Error(`refused ${TOKEN}`) }, "x"],
    ["an error's cause", { err: new Error("x", { cause: new Error(TOKEN) }) }, "x"],
    ["an error's code", { err: Object.assign(new Error("x"), { code: TOKEN }) }, "x"],
    ["a thrown text", { err: TOKEN }, "x"],
    ["a url", { url: `https://user:${TOKEN}@host/?t=${TOKEN}` }, "x"],
    ["signs that mean something to a pattern", { token: OTHER }, OTHER],
  ])("is masked in %s", (_, fields, message) => {
    openLog({ terminal }).error(fields, message);
    expect(written).toContain("[secret]");
    expect(written).not.toContain(TOKEN);
    expect(written).not.toContain(OTHER);
  });

  const ODD = 'quo"te, back\\slash, line\nbreak, tab\t, \u0001 and ü';

  it.each<[string, object, string]>([
    ["the message", {}, `before ${ODD} after`],
    ["a field", { token: ODD }, "x"],
    ["a field's name", { [ODD]: 1 }, "x"],
    ["an error", { err: new Error(ODD) }, "x"],
    ["a url", { url: `https://user:${ODD}@host/` }, "x"],
  ])("that JSON writes in another way is masked in %s", (_, fields, message) => {
    openLog({ terminal, secrets: [ODD] }).error(fields, message);
    expect(written).toContain("[secret]");
    for (const piece of ["quo", "slash", "break", " and "]) expect(written).not.toContain(piece);
  });

  it("that begins as another one does is masked to its end, in whatever order they are given", () => {
    const long = `${TOKEN}-and-its-tail`;
    for (const secrets of [
      [TOKEN, long],
      [long, TOKEN],
    ]) {
      written = "";
      openLog({ terminal, secrets }).error({ long, short: TOKEN }, `${long} ${TOKEN}`);
      expect(written.match(/\[secret\]/g)).toHaveLength(4);
      expect(written).not.toContain("tail");
      expect(written).not.toContain(TOKEN);
    }
  });

  it("does not come out with the request that hangs on an error", () => {
    openLog({ terminal, secrets: [] }).error({ err: axiosError() }, "sending failed");
    expect(written).toContain("Request failed with status code 401");
    expect(written).not.toContain(TOKEN);
    expect(written).not.toMatch(/Authorization|Basic /);
  });
});

describe("an error in the log", () => {
  it("keeps what helps: type, message, code, cause, stack", () => {
    const error = Object.assign(new TypeError("outer", { cause: new RangeError("inner") }), { code: 21655 });
    expect(describeError(error)).toEqual({
      type: "TypeError",
      message: "outer",
      code: 21655,
      cause: "RangeError: inner",
      stack: expect.stringContaining("TypeError: outer"),
    });
  });

  it("loses everything else", () => {
    expect(Object.keys(describeError(axiosError())).sort()).toEqual(["code", "message", "stack", "type"]);
  });

  it("does not bring out the request of its cause", () => {
    const text = JSON.stringify(describeError(new Error("outer", { cause: axiosError() })));
    expect(text).toContain("AxiosError: Request failed");
    expect(text).not.toMatch(/Authorization|headers/);
    const plain = JSON.stringify(describeError(new Error("outer", { cause: { password: TOKEN } })));
    expect(plain).not.toContain(TOKEN);
  });

  it("may be its own cause", () => {
    const error = new Error("round and round");
    error.cause = error;
    openLog().error({ err: error }, "x");
    expect(JSON.parse(written)).toMatchObject({ err: { cause: "Error: round and round" } });
  });

  it("may hold a circle", () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    openLog().error({ err: new Error("x", { cause: circle }), circle }, "still written");
    expect(JSON.parse(written)).toMatchObject({ msg: "still written", err: { cause: "object" } });
  });

  it("may be no error at all: a text is kept", () => {
    expect(describeError("text")).toEqual({ message: "text" });
  });

  it.each<[string, unknown]>([
    ["number", 5],
    ["object", null],
    ["undefined", undefined],
    ["object", { password: TOKEN }],
    ["object", { toString: () => TOKEN }],
    ["symbol", Symbol(TOKEN)],
    ["function", () => TOKEN],
    ["object", Object.create(null)],
    ["object", new Proxy({}, {})],
  ])("may be no error at all: of a thrown %s only that is said (%#)", (type, thrown) => {
    expect(describeError(thrown)).toEqual({ message: `a thrown ${type}` });
    openLog({ secrets: [] }).error({ err: thrown }, "still written");
    expect(written).toContain("still written");
    expect(written).not.toContain(TOKEN);
  });

  it("may have a cause that is no text", () => {
    const error = new Error("outer", { cause: Object.create(null) });
    expect(describeError(error)).toMatchObject({ message: "outer", cause: "object" });
  });
});
