// A server that runs as a process of this machine: one JSON message a line over its standard input and output. It gets a
// group of its own, so that whatever it has started ends with it, and only the environment and the folder of its entry.
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { deserializeMessage, serializeMessage, type Transport } from "@modelcontextprotocol/client";
import { DEFAULT_INHERITED_ENV_VARS } from "@modelcontextprotocol/client/stdio";
import spawn from "cross-spawn";
import type { Clock } from "../core/ports/clock.ts";
import type { NoteRun, SendSignal } from "../core/ports/processes.ts";
import { endGroup, signalGroup } from "../core/process-group.ts";
import type { StdioEntry } from "./entry.ts";
import { createLineReader } from "./line-reader.ts";

/** How long a process may take to end by itself, ms; a part of the server must close within 1 s. */
const GRACE_MS = 500;
/** Beside the program's own limit for one result: the rest of a message. */
const MESSAGE_ROOM = 1_000_000;
/** So many messages in so long are a flood, which would keep everybody else waiting. */
const MAX_MESSAGES = 5_000;
const FLOOD_WINDOW_MS = 10_000;
/** What a program needs to speak the person's language, beside what the SDK hands on. */
const ALSO_INHERITED = ["LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"];
/** The variable whose value is another one for each start. */
const RUN_MARK = "APPROVAL_GATEWAY_RUN";
/** UTF-16 units of what a process last said of itself. */
const MAX_LAST_WORDS = 300;

export interface StdioTransport extends Transport {
  /** Why it closed, once it has; words of ours. */
  why(): string;
}

export interface StdioDeps {
  /** The process's own environment, of which only names that hold no secret are handed on. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly send: SendSignal;
  readonly noteRun: NoteRun;
  readonly clock: Clock;
  /** Told each line of its standard error: foreign text, and it may hold its secrets. */
  readonly onLastWords?: ((words: string) => void) | undefined;
}

export function createStdioTransport(
  entry: StdioEntry,
  { env, send, noteRun, clock, onLastWords }: StdioDeps,
): StdioTransport {
  let child: ChildProcess | undefined;
  let why = "it was closed";
  let isClosing = false;
  let ended: Promise<void> = Promise.resolve();
  let window = { since: 0, messages: 0 };
  const reader = createLineReader(entry.maxResultBytes + MESSAGE_ROOM);

  const transport: StdioTransport = {
    why: () => why,
    start: () =>
      new Promise((resolve, reject) => {
        const mark = randomBytes(16).toString("hex");
        const over = noteRun(`${RUN_MARK}=${mark}`);
        const started = spawn(entry.command, [...entry.args], {
          cwd: entry.cwd,
          env: { ...inherited(env), ...entry.env, [RUN_MARK]: mark },
          stdio: ["pipe", "pipe", "pipe"],
          shell: false,
          windowsHide: true,
          detached: process.platform !== "win32",
        });
        child = started;
        ended = new Promise((done) => {
          const onEnd = (words: string) => {
            if (!isClosing) why = words;
            // What it has started may still be there.
            if (started.pid !== undefined) signalGroup(started.pid, "SIGKILL", send);
            over();
            started.stdout?.destroy();
            started.stderr?.destroy();
            done();
            if (child !== undefined) {
              child = undefined;
              transport.onclose?.();
            }
          };
          started.once("error", (error: NodeJS.ErrnoException) => {
            const words = `it cannot be started (${error.code ?? "unknown error"})`;
            onEnd(words);
            reject(new Error(words, { cause: error }));
          });
          started.once("exit", (code, signal) =>
            onEnd(signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`),
          );
        });
        started.once("spawn", resolve);
        started.stdin?.on("error", (error) => transport.onerror?.(error));
        started.stdout?.on("data", (chunk: Buffer) => take(chunk));
        started.stderr?.on("data", (chunk: Buffer) => {
          const said = chunk.toString("utf8").trimEnd().split("\n").at(-1) ?? "";
          if (said !== "") onLastWords?.(said.slice(0, MAX_LAST_WORDS));
        });
      }),
    send: (message) =>
      new Promise((resolve, reject) => {
        if (child?.stdin == null || isClosing) reject(new Error(`the server is gone: ${why}`));
        else child.stdin.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
      }),
    async close() {
      const closing = child;
      isClosing = true;
      if (closing === undefined) return;
      closing.stdin?.end();
      const { pid } = closing;
      const cancel = pid === undefined ? () => {} : endGroup(pid, GRACE_MS, { send, clock });
      await ended;
      cancel();
    },
  };

  function take(chunk: Buffer): void {
    if (isClosing) return;
    for (const line of reader.read(chunk)) {
      if (isFlood()) fail("it floods: too many messages at once");
      if (isClosing) return;
      try {
        transport.onmessage?.(deserializeMessage(line));
      } catch {
        // Many servers print a greeting there; it is no message.
        transport.onerror?.(new Error("a line of its output is no message"));
      }
    }
    if (reader.isTooLong()) fail("it sent a message that is larger than maxResultBytes allows");
  }

  function isFlood(): boolean {
    const now = clock.elapsed();
    if (now - window.since > FLOOD_WINDOW_MS) window = { since: now, messages: 0 };
    window.messages += 1;
    return window.messages > MAX_MESSAGES;
  }

  function fail(words: string): void {
    if (isClosing) return;
    why = words;
    transport.onerror?.(new Error(words));
    void transport.close();
  }

  return transport;
}

function inherited(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = [...DEFAULT_INHERITED_ENV_VARS, ...ALSO_INHERITED];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      // A shell function that was exported.
      return value === undefined || value.startsWith("()") ? [] : [[name, value] as const];
    }),
  );
}
