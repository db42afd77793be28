// What setup says, wrapped to the terminal's width. The one way out for its words: no secret that was typed or found passes.
import { log, note } from "@clack/prompts";
import { Help } from "commander";
import type { CommandContext } from "../command.ts";
import { createPaint } from "../paint.ts";

export interface Tell {
  /** A new subject. */
  step(text: string): void;
  say(text: string): void;
  good(text: string): void;
  warn(text: string): void;
  bad(text: string): void;
  /** Lines that belong together and are kept as they are; longer ones are wrapped. */
  box(title: string, lines: readonly string[]): void;
  /** Never wrapped: a QR code, a line to paste. */
  asItIs(text: string): void;
  /** From now on this value is shown as [secret]. */
  hide(secret: string | undefined): void;
}

/** Wider lines are hard to read. */
const MAX_WIDTH = 84;
const MIN_WIDTH = 30;
/** What stands in front of each line. */
const GUIDE = 3;

/** @param isPerson whether it stands between clack's prompts, or in a script's output */
export function createTell(
  { stdout, out, colours }: Pick<CommandContext, "stdout" | "out" | "colours">,
  isPerson: boolean,
): Tell {
  const secrets = new Set<string>();
  const columns = () =>
    "columns" in stdout && typeof stdout.columns === "number" ? stdout.columns : MAX_WIDTH;
  const wrapping = new Help();
  wrapping.minWidthToWrap = MIN_WIDTH;
  const masked = (text: string) =>
    [...secrets].reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), text);
  const width = (taken: number) => Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, columns()) - taken);
  const wrapped = (text: string, taken = GUIDE) =>
    masked(text)
      .split("\n")
      .map((line) => wrapping.boxWrap(line, width(taken)))
      .join("\n");
  const hide = (secret: string | undefined) => void (secret && secret.length >= 4 && secrets.add(secret));

  if (isPerson) {
    const output = { output: stdout };
    return {
      step: (text) => log.step(wrapped(text), output),
      say: (text) => log.message(wrapped(text), output),
      good: (text) => log.success(wrapped(text), output),
      warn: (text) => log.warn(wrapped(text), output),
      bad: (text) => log.error(wrapped(text), output),
      box: (title, lines) =>
        note(wrapped(lines.join("\n"), 2 * GUIDE), masked(title), { ...output, format: (line) => line }),
      asItIs: (text) => void stdout.write(`${masked(text)}\n`),
      hide,
    };
  }
  const paint = createPaint(colours.out);
  const line = (mark: string, text: string) => out(`${mark} ${wrapped(text).replaceAll("\n", "\n  ")}\n`);
  return {
    step: (text) => out(`\n${wrapped(text)}\n`),
    say: (text) => line(" ", text),
    good: (text) => line(paint("green", "✓"), text),
    warn: (text) => line("!", text),
    bad: (text) => line(paint("red", "✗"), text),
    box: (title, lines) => out(`\n${masked(title)}\n${lines.map((each) => `  ${masked(each)}\n`).join("")}`),
    asItIs: (text) => out(`${masked(text)}\n`),
    hide,
  };
}
