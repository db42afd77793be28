// Asks a person at a terminal, with clack's prompts. The only file that knows them, beside what says something.
import type { Readable, Writable } from "node:stream";
import { confirm, isCancel, password, select, text } from "@clack/prompts";
import type { CommandContext } from "../command.ts";
import { type Interviewer, SetupCancelled } from "./asker.ts";
import { waitFor } from "./wait.ts";

type Terminal = Pick<CommandContext, "stdin" | "stdout" | "signal" | "clock">;

const INTERRUPT = "\u0003";
const ESCAPE = "\u001b";
const CLEAR_LINE = "\r\u001b[2K";

export function createClackAsker({ stdin: input, stdout: output, signal, clock }: Terminal): Interviewer {
  /** A listener for each prompt would stay on the command's own signal. */
  async function asked<T>(prompt: (options: PromptOptions) => Promise<unknown>): Promise<T> {
    if (signal.aborted) throw new SetupCancelled();
    const ended = new AbortController();
    const follow = () => ended.abort();
    signal.addEventListener("abort", follow, { once: true });
    try {
      const answer = await prompt({ input, output, signal: ended.signal });
      if (isCancel(answer)) throw new SetupCancelled();
      return answer as T;
    } finally {
      signal.removeEventListener("abort", follow);
    }
  }

  return {
    isPerson: true,
    text: ({ message, example, initial, mayBeEmpty = false }) =>
      asked<string>((options) =>
        text({
          ...options,
          message,
          ...(example === undefined ? {} : { placeholder: example }),
          ...(initial === undefined ? {} : { initialValue: initial }),
          validate: (value) =>
            mayBeEmpty || value?.trim() ? undefined : "Type an answer, or Ctrl-C to stop.",
        }),
      ).then((answer) => (answer ?? "").trim()),
    secret: ({ message }) =>
      asked<string>((options) =>
        password({
          ...options,
          message,
          validate: (value) => (value?.trim() ? undefined : "Paste it here, or Ctrl-C to stop."),
        }),
      ).then((answer) => answer.trim()),
    choose: <T extends string>({ message, choices, initial }: Parameters<Interviewer["choose"]>[0]) =>
      asked<T>((options) =>
        select({
          ...options,
          message,
          initialValue: initial,
          options: choices.map(({ value, label, hint }) => ({
            value,
            label,
            ...(hint ? { hint } : {}),
          })) as never,
        }),
      ),
    confirm: ({ message, initial }) =>
      asked<boolean>((options) => confirm({ ...options, message, initialValue: initial })),
    async wait(wait) {
      const bar = createLine(output);
      try {
        return await waitFor(wait, {
          clock,
          signal,
          showEveryMs: 1_000,
          show: bar.show,
          keys: (onKey) => readKeys(input, onKey),
        });
      } finally {
        bar.clear();
      }
    },
  };
}

interface PromptOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
}

/** One line that is written over and over; cut to the terminal, or it would leave copies of itself. */
function createLine(output: Writable) {
  return {
    show(line: string): void {
      const columns = "columns" in output && typeof output.columns === "number" ? output.columns : 80;
      output.write(`${CLEAR_LINE}${line.slice(0, columns - 1)}`);
    },
    clear: () => void output.write(CLEAR_LINE),
  };
}

/** S alone skips: not Enter, which says that something was done, and no text that is pasted. Ctrl-C and Escape stop setup, as at every prompt. */
function readKeys(input: Readable, onKey: (wish: "skip" | "cancel") => void): () => void {
  const onData = (data: Buffer | string) => {
    const keys = String(data);
    if (keys.includes(INTERRUPT) || keys === ESCAPE) onKey("cancel");
    else if (/^s$/i.test(keys)) onKey("skip");
  };
  setRaw(input, true);
  input.on("data", onData);
  input.resume();
  return () => {
    input.off("data", onData);
    setRaw(input, false);
    input.pause();
  };
}

function setRaw(input: Readable, isRaw: boolean): void {
  if ("setRawMode" in input && typeof input.setRawMode === "function") input.setRawMode(isRaw);
}
