// What a run shows: how far it is, and its tables. Colours and a line that is written over only on a terminal.
import { stripVTControlCharacters } from "node:util";
import { createPaint, mayBeColoured, type Paint } from "../../src/cli/paint.ts";
import type { EnduranceResult } from "../results.ts";
import { type Row, targetText } from "../rows.ts";
import { numberText } from "./numbers.ts";

type Out = Pick<NodeJS.WriteStream, "write" | "isTTY" | "hasColors">;

export interface Screen {
  say(text: string): void;
  table(title: string, rows: readonly Row[]): void;
  summary(rows: readonly Row[], missed: readonly Row[]): void;
  checks(result: EnduranceResult): void;
}

export function createScreen(out: Out, err: Out): Screen {
  const start = performance.now();
  const paint = createPaint(mayBeColoured(out, process.env));
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
      out.write(`\n${paint("dim", title)}\n${body.join("\n")}\n`);
    },
    checks({ what, requests, checks }) {
      clear();
      const width = Math.max(...checks.map((each) => each.what.length));
      const lines = checks.map(
        ({ what, found, limit, met }) =>
          `${what.padEnd(width)}  ${met ? paint("green", "met") : paint("red", "missed")}  ${found} (${limit})`,
      );
      out.write(
        `\n${paint("dim", `${what}, ${requests.toLocaleString("en")} requests`)}\n${lines.join("\n")}\n`,
      );
    },
    summary(rows, missed) {
      const judged = rows.filter(({ met }) => met !== undefined).length;
      out.write(`\n${judged - missed.length} of ${judged} targets are met.\n`);
    },
  };
}

function cells(each: Row, paint: Paint): string[] {
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
