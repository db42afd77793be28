// What a run shows: how far it is, and its tables. Colours and a line that is written over only on a terminal.
import { stripVTControlCharacters, styleText } from "node:util";
import { type Row, targetText } from "../rows.ts";

type Out = Pick<NodeJS.WriteStream, "write" | "isTTY">;

export interface Screen {
  say(text: string): void;
  table(title: string, rows: readonly Row[]): void;
  summary(rows: readonly Row[], missed: readonly Row[]): void;
}

export function createScreen(out: Out, err: Out): Screen {
  const start = performance.now();
  const paint = (style: "green" | "red" | "bold", text: string) =>
    out.isTTY ? styleText(style, text) : text;
  const clear = () => err.isTTY && err.write("\r\u001b[K");
  return {
    say(text) {
      clear();
      const seconds = Math.round((performance.now() - start) / 1_000);
      err.write(`${String(seconds).padStart(4)} s  ${text}${err.isTTY ? "" : "\n"}`);
    },
    table(title, rows) {
      clear();
      const head = ["", "measured", "floor", "ratio", "target", ""];
      const lines = [head, ...rows.map((each) => cells(each, paint))];
      const widths = head.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ""))));
      const body = lines.map((line) =>
        line
          .map((cell, column) =>
            column === 0 || column === 5
              ? cell + " ".repeat((widths[column] ?? 0) - widthOf(cell))
              : " ".repeat((widths[column] ?? 0) - widthOf(cell)) + cell,
          )
          .join("  ")
          .trimEnd(),
      );
      out.write(`\n${paint("bold", title)}\n${body.join("\n")}\n`);
    },
    summary(rows, missed) {
      const judged = rows.filter(({ met }) => met !== undefined).length;
      out.write(`\n${judged - missed.length} of ${judged} targets are met.\n`);
    },
  };
}

function cells(each: Row, paint: (style: "green" | "red", text: string) => string): string[] {
  return [
    each.what,
    `${numberText(each.value)} ${each.unit}`,
    each.floor === undefined ? "" : numberText(each.floor),
    each.ratio === undefined ? "" : `${each.ratio.toFixed(2)}×`,
    each.target === undefined ? "" : targetText(each.target),
    `${each.met === undefined ? "" : each.met ? paint("green", "met") : paint("red", "missed")}${each.note === undefined ? "" : `  ${each.note}`}`,
  ];
}

const widthOf = (text: string) => stripVTControlCharacters(text).length;

/** Three digits that mean something. */
export function numberText(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en");
  return value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
}
