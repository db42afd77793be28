// Parts of a command's text that are only values or data.

/** UTF-16 offsets. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** What has no place is a command, a path, a host or an operator, or might be one. Quotes around a value are not part of it. */
export type TextPlace = TextSpan &
  (
    | {
        /**
         * `text`: data that nobody in the command runs. `foreign`: code of another language, or data of which nobody
         * knows who reads it. `shown`: a part of another place that is no data after all, such as an expansion.
         */
        readonly kind: "text" | "foreign" | "shown";
      }
    | { readonly kind: "assigned"; readonly name: string }
    | {
        readonly kind: "option";
        /** Base name of the program that gets it. */
        readonly program: string;
        /** `-p`, `--token`, with its dashes. */
        readonly name: string;
        /** Whether it is the rest of the option's own word: `-pVALUE`, which may also be a cluster of letters. */
        readonly attached: boolean;
        /** The words in front of it. */
        readonly before: readonly string[];
      }
    | { readonly kind: "operand"; readonly program: string; readonly before: readonly string[] }
  );

/** A part of a word without the quotes around it. */
export function withoutQuotes(source: string, { start, end }: TextSpan): TextSpan {
  const quote = source[start];
  const isQuoted =
    (quote === '"' || quote === "'") && end - start >= 2 && source.indexOf(quote, start + 1) === end - 1;
  return isQuoted ? { start: start + 1, end: end - 1 } : { start, end };
}
