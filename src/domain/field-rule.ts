// What one field of a form takes, and how that is said.

/** Characters of a text that somebody types on a phone. */
export const MAX_TEXT = 1_000;

/** What one field takes. */
export type FieldRule =
  | {
      readonly kind: "text";
      readonly min: number;
      readonly max: number;
      readonly format?: string | undefined;
    }
  | { readonly kind: "number"; readonly isWhole: boolean; readonly min: number; readonly max: number }
  /** The values behind the options, in their order. */
  | { readonly kind: "choice"; readonly values: readonly (string | boolean)[] }
  | {
      readonly kind: "choices";
      readonly values: readonly string[];
      readonly min: number;
      readonly max: number;
    };

/** A field's rule, as a question carries it. */
export interface AskedField {
  readonly rule: FieldRule;
  readonly isOptional: boolean;
}

/** How a field is answered; empty where its options say it. */
export function hintOf(rule: FieldRule, mayBeLeftOut: boolean): string {
  const left = mayBeLeftOut ? ["- leaves it out"] : [];
  switch (rule.kind) {
    case "text": {
      const size = rule.min > 0 || rule.max < MAX_TEXT ? ` of ${rule.min} to ${rule.max} characters` : "";
      return [`${rule.format ?? "text"}${size}`, ...left].join(", ");
    }
    case "number": {
      const from = rule.min > -Number.MAX_VALUE ? [`${rule.min} at least`] : [];
      const to = rule.max < Number.MAX_VALUE ? [`${rule.max} at most`] : [];
      return [rule.isWhole ? "a whole number" : "a number", ...from, ...to, ...left].join(", ");
    }
    case "choice":
      return "";
    case "choices":
      return mayBeLeftOut ? "- leaves it out" : `${rule.min} to ${rule.max} of them`;
  }
}
