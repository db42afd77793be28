// What is printed while the stream fails, hangs or comes back: nothing throws, nothing waits, what is lost is counted.
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { createLog } from "../../src/server/log.ts";
import { createOutput, type ProcessStream, type Send, sendTo } from "../../src/server/output.ts";
import { createRepeatedLines } from "../../src/server/repeated-lines.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

/** A stream that takes nothing until it is told what to do with what waits there. */
function stream() {
  let taken = "";
  let open: ((isTaken: boolean) => void) | undefined;
  const send: Send = (text, done) => {
    open = (isTaken) => {
      open = undefined;
      if (isTaken) taken += text;
      done(isTaken);
    };
  };
  return {
    send,
    text: () => taken,
    /** Answers everything that is handed over, until nothing more comes. */
    async answer(isTaken: boolean) {
      for (let idle = 0; idle < 3; idle += 1) {
        if (open !== undefined) idle = 0;
        open?.(isTaken);
        await new Promise(setImmediate);
      }
    },
  };
}

const lostText = (lost: number) => `(${lost} lost)\n`;

describe("an output", () => {
  it("hands over one text at a time and loses none, whatever waits", async () => {
    const { send, text, answer } = stream();
    const output = createOutput(send, lostText);
    const lines = Array.from({ length: 5_000 }, (_, n) => `line ${n}\n`);
    for (const line of lines) output.write(line);
    const idle = output.idle();
    await answer(true);
    await idle;
    expect(text()).toBe(lines.join(""));
  });

  it("keeps a bounded part of what nobody reads, and says afterwards how much is lost", async () => {
    const { send, text, answer } = stream();
    const output = createOutput(send, lostText);
    const line = `${"x".repeat(999)}\n`;
    for (let n = 0; n < 5_000; n += 1) output.write(line);
    await answer(true);
    const kept = text().split(line).length - 1;
    expect(kept).toBeGreaterThan(900);
    expect(kept).toBeLessThan(1_200);
    expect(text().endsWith(lostText(5_000 - kept))).toBe(true);
  });

  it("counts what a failing stream did not take, and says it once, after the next line that gets through", async () => {
    const { send, text, answer } = stream();
    const output = createOutput(send, lostText);
    for (const line of ["a\n", "b\n", "c\n"]) output.write(line);
    await answer(false);
    output.write("d\n");
    await answer(false);
    expect(text()).toBe("");
    output.write("e\n");
    await answer(true);
    output.write("f\n");
    await answer(true);
    expect(text()).toBe("e\n(4 lost)\nf\n");
  });

  it("still knows the count when even that could not be written", async () => {
    const results = [false, true, false, true, true];
    let text = "";
    const output = createOutput((part, done) => {
      const taken = results.shift() ?? true;
      if (taken) text += part;
      done(taken);
    }, lostText);
    for (const line of ["a\n", "b\n", "c\n"]) {
      output.write(line);
      await output.idle();
      await new Promise(setImmediate);
    }
    expect(text).toBe("b\nc\n(1 lost)\n");
  });

  it("does not throw when the stream does, and goes on with the next line", async () => {
    let isBroken = true;
    let text = "";
    const output = createOutput((part, done) => {
      if (isBroken) throw new Error("write after end");
      text += part;
      done(true);
    }, lostText);
    output.write("a\n");
    isBroken = false;
    output.write("b\n");
    await output.idle();
    expect(text).toBe("b\n(1 lost)\n");
  });

  it("is not called a thousand deep by a stream that takes everything at once", async () => {
    let text = "";
    const output = createOutput((part, done) => {
      text += part;
      done(true);
    });
    for (let n = 0; n < 20_000; n += 1) output.write(`${n}\n`);
    await output.idle();
    expect(text.trimEnd().split("\n")).toHaveLength(20_000);
  });
});

describe("a stream of the process", () => {
  function open(path: string): ProcessStream {
    const fd = openSync(path, "a");
    onTestFinished(() => closeSync(fd));
    return Object.assign(new PassThrough(), { fd }) as unknown as ProcessStream;
  }

  it("that is a file gets every line whole and in order", async () => {
    const path = join(temporaryFolder(), "log");
    const output = createOutput(sendTo(open(path)));
    for (let n = 0; n < 3_000; n += 1) output.write(`line ${n} ä\n`);
    await output.idle();
    expect(readFileSync(path, "utf8")).toBe(
      Array.from({ length: 3_000 }, (_, n) => `line ${n} ä\n`).join(""),
    );
  });

  it.skipIf(process.platform !== "linux")("that is a full disk loses lines and nothing else", async () => {
    const lost: number[] = [];
    const full = sendTo(open("/dev/full"));
    const path = join(temporaryFolder(), "log");
    const disk = sendTo(open(path));
    let isFull = true;
    const output = createOutput(
      (text, done) => (isFull ? full : disk)(text, done),
      (count) => {
        lost.push(count);
        return lostText(count);
      },
    );
    output.write("a\n");
    await output.idle();
    isFull = false;
    output.write("b\n");
    await output.idle();
    expect(readFileSync(path, "utf8")).toBe("b\n(1 lost)\n");
    expect(lost).toEqual([1]);
  });

  it("has a listener for its errors: they end no process", () => {
    const each = open(join(temporaryFolder(), "log"));
    sendTo(each);
    expect(() => each.emit("error", new Error("EPIPE"))).not.toThrow();
  });
});

describe("the log", () => {
  it("does not throw for what cannot be put into words, and says so", () => {
    let text = "";
    const log = createLog({
      level: "info",
      terminal: false,
      secrets: [],
      send: (part, done) => {
        text += part;
        done(true);
      },
    });
    const fields = {
      get broken(): string {
        throw new Error("no");
      },
    };
    expect(() => log.info(fields, "x")).not.toThrow();
    expect(text).toMatch(/could not be put into words|unable to serialize/);
  });

  it("cuts what an error says of itself: somebody else may have written it", () => {
    let text = "";
    const send: Send = (part, done) => {
      text += part;
      done(true);
    };
    const log = createLog({ level: "info", terminal: false, secrets: [], send });
    log.error(
      { err: new Error("x".repeat(5_000_000), { cause: new Error("y".repeat(5_000_000)) }) },
      "failed",
    );
    expect(text.length).toBeLessThan(20_000);
  });
});

describe("lines that repeat", () => {
  it("are one a second each, with a count, and the last count is not forgotten", async () => {
    const clock = createFakeClock();
    const repeated = createRepeatedLines(clock.after);
    const written: string[] = [];
    const take = (message: string) => repeated.take(message, (more) => written.push(`${message} +${more}`));
    for (let n = 0; n < 1_235; n += 1) take("refused");
    take("another");
    expect(written).toEqual(["refused +0", "another +0"]);
    await clock.advance(1_000);
    expect(written.slice(2)).toEqual(["refused +1233"]);
    take("refused");
    await clock.advance(999);
    expect(written).toHaveLength(3);
    await clock.advance(1);
    expect(written.slice(3)).toEqual(["refused +0"]);
    await clock.advance(1_000);
    take("refused");
    expect(written.slice(4)).toEqual(["refused +0"]);
  });
});
