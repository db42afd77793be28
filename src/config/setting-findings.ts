// What can be wrong with the settings before any value is looked at: as data, and as the sentence that a person reads.
// Holds names and line numbers, never a value, and no part of a line that could be one.

/** Where a name was found: with its line, from 1, in the file; without one in the real environment. */
export type SettingFinding =
  /** A name that nothing reads. `name` is absent where it could be part of a secret. */
  | {
      readonly kind: "unknown";
      readonly name?: string | undefined;
      readonly line?: number | undefined;
      /** The setting that was probably meant. */
      readonly meant?: string | undefined;
    }
  /** A name that is read from the real environment only. */
  | { readonly kind: "not-in-file"; readonly name: string; readonly line: number }
  /** Set more than once in the file: the last one counts. */
  | { readonly kind: "twice"; readonly name: string; readonly lines: readonly number[] }
  /** A line that sets nothing. */
  | {
      readonly kind: "unreadable";
      readonly line: number;
      /** The setting that was probably meant. */
      readonly meant?: string | undefined;
    }
  /** A value that cannot be what was meant. */
  | { readonly kind: "value"; readonly name: string; readonly line: number; readonly why: ValueFault };

export type ValueFault = keyof typeof VALUE_FAULTS;

/** What is wrong with a value: sentences without their subject. */
const VALUE_FAULTS = {
  "typographic-quotes":
    "has typographic quotes around its value, and they count as part of it: write ' or \"",
  "stray-quote": "has a quote without its counterpart, and it counts as part of the value",
  "several-lines": "takes in the lines below it: its closing quote is missing",
  "cut-at-hash": 'ends at the # in its value: put the value in quotes ("…")',
  placeholder: "still has a placeholder as its value",
  reference: "refers to another variable, which is not replaced in this file",
  "own-name": "has its own name in its value: one of the two is too much",
  invisible: "has an invisible character in its value: type it again, or copy it without formatting",
  "end-mark": "has a comma or semicolon at the end of its value: remove it",
} as const;

/**
 * The finding as one sentence, without a full stop at its end.
 * @param file the path of the file, as the person knows it
 */
export function settingFindingText(finding: SettingFinding, file: string): string {
  switch (finding.kind) {
    case "unknown": {
      const { name, line, meant } = finding;
      const where = line === undefined ? "the environment" : `${file}, line ${line}`;
      if (name === undefined) return `${where}: sets something that is no setting`;
      return meant === undefined
        ? `${name} (${where}) is no setting: nothing reads it`
        : `${name} (${where}) is no setting: did you mean ${meant}?`;
    }
    case "not-in-file":
      return `${finding.name} (${file}, line ${finding.line}) has no effect there: set it in the environment`;
    case "twice":
      return `${finding.name} (${file}, lines ${finding.lines.join(", ")}) is set more than once: only the last one counts`;
    case "unreadable":
      return finding.meant === undefined
        ? `${file}, line ${finding.line}: cannot be read: write NAME=value, or # in front of a comment`
        : `${file}, line ${finding.line}: cannot be read: did you mean ${finding.meant}=…?`;
    case "value":
      return `${finding.name} (${file}, line ${finding.line}) ${VALUE_FAULTS[finding.why]}`;
  }
}
