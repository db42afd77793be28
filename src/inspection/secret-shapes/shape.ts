// Tokens that are known by their own form. A row says what the makers' documentation and the rule sets of gitleaks, trufflehog
// and GitHub's secret scanning agree on. What the detectors of secretlint know stands there, unless they find half of it.

export interface Shape {
  /** Who gives it out. */
  readonly kind: string;
  /** One of these must be in the text, or the pattern is not tried. */
  readonly marks: readonly string[];
  /** Global, with indices; the group `secret`, where there is one, is what is masked. Never starts with a quantifier. */
  readonly pattern: RegExp;
  /** The end of a web address is where it stands: what is in front of it may be a slash. */
  readonly inAddress?: true;
}

export const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/** A token of one of these prefixes, and the form of the rest. */
export function prefixed(kind: string, prefixes: string, rest: string, flags = ""): Shape {
  const marks = prefixes.split(" ");
  const either = marks.map((mark) => mark.replace(/[.$]/g, "\\$&")).join("|");
  return { kind, marks, pattern: new RegExp(`(?:${either})${rest}`, `dg${flags}`) };
}

export function address(kind: string, mark: string, pattern: RegExp): Shape {
  return { kind, marks: [mark], pattern, inAddress: true };
}
