// Writes text to a stream of the process that may be full, closed or no longer read: a full disk, a terminal that was stopped
// with Ctrl-S, a reader that hangs. It never throws and never blocks, and counts the lines that it had to drop.
import { fstatSync, write } from "node:fs";
import { once } from "../core/once.ts";

/** What may wait in memory for a stream that does not take it, UTF-16 units. A line that does not fit is dropped. */
const MAX_WAITING = 1_000_000;
/** What is handed over at once, at most one line more, UTF-16 units. */
const MAX_BATCH = 64_000;

/** Hands a text over, and says whether all of it was taken. Called again only after that. */
export type Send = (text: string, done: (taken: boolean) => void) => void;

export interface Output {
  /** Takes one line, or several that belong together. Never throws, never blocks. */
  write(text: string): void;
  /** Resolves when everything has left or was dropped; a stream that nobody reads keeps it waiting. */
  idle(): Promise<void>;
}

/** @param lostText what is written, when the stream takes something again, about the lines that were dropped */
export function createOutput(send: Send, lostText: (lost: number) => string = () => ""): Output {
  let waiting: string[] = [];
  let length = 0;
  let lost = 0;
  let isSending = false;
  const idlers: (() => void)[] = [];

  function hand(text: string, lines: number, after: (taken: boolean) => void): void {
    isSending = true;
    const done = once((taken: boolean) => {
      isSending = false;
      if (!taken) lost += lines;
      after(taken);
      if (isSending) return;
      for (const wake of idlers.splice(0)) wake();
    });
    try {
      send(text, done);
    } catch {
      done(false);
    }
  }

  function pump(): void {
    if (isSending || waiting.length === 0) return;
    let batch = "";
    let lines = 0;
    while (lines < waiting.length && batch.length < MAX_BATCH) {
      batch += waiting[lines];
      lines += 1;
    }
    waiting = waiting.slice(lines);
    length -= batch.length;
    hand(batch, lines, (taken) => {
      if (waiting.length > 0) return later(pump);
      if (taken && lost > 0) report(lost);
    });
  }

  /** After what was kept: the lines that are gone came later. Told only once it has been written. */
  function report(count: number): void {
    const text = lostText(count);
    lost -= count;
    if (text !== "") hand(text, count, () => later(pump));
  }

  return {
    write(text) {
      if (length + text.length > MAX_WAITING) {
        lost += 1;
        return;
      }
      waiting.push(text);
      length += text.length;
      pump();
    },
    idle: () => (isSending ? new Promise((resolve) => idlers.push(resolve)) : Promise.resolve()),
  };

  // A stream may take a text at once: without a step in between, a thousand batches would be a thousand calls deep.
  function later(task: () => void): void {
    isSending = true;
    setImmediate(() => {
      isSending = false;
      task();
      if (isSending) return;
      for (const wake of idlers.splice(0)) wake();
    });
  }
}

/** A stream of the process, as Node makes it. Its terminal's handle is not in Node's types. */
export type ProcessStream = NodeJS.WriteStream & {
  readonly fd: number;
  readonly _handle?: { setBlocking?(isBlocking: boolean): unknown };
};

/** How a stream of the process is written to without waiting for it. From now on none of its errors ends the process. */
export function sendTo(stream: ProcessStream): Send {
  // The error is also handed to the writer's own callback; without a listener it would end the process.
  stream.on("error", () => {});
  const stats = fstatSync(stream.fd);
  if (!stream.isTTY && !stats.isFIFO() && !stats.isSocket()) return sendToFile(stream.fd);
  // Node sets a terminal to blocking, and then Ctrl-S in it stops the whole process. Pipes and sockets are not.
  // Through a thread of Node's pool, as for files, a write that hangs would keep even process.exit from ending (measured).
  stream._handle?.setBlocking?.(false);
  return (text, done) => {
    stream.write(text, (error) => done(error === undefined || error === null));
  };
}

function sendToFile(fd: number): Send {
  // A line that a full disk has cut must not run into the next one.
  let isCut = false;
  return (text, done) => {
    const bytes = Buffer.from(isCut ? `\n${text}` : text);
    const go = (from: number): void => {
      write(fd, bytes, from, bytes.length - from, null, (error, written) => {
        const end = from + (written ?? 0);
        if (error === null && written > 0 && end < bytes.length) return go(end);
        const taken = error === null && end === bytes.length;
        isCut = taken ? false : isCut || end > 0;
        done(taken);
      });
    };
    go(0);
  };
}
