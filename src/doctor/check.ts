// What a check is. Each looks at one thing, changes nothing that matters, and says what to do about what it finds.

/** `skipped`: it cannot be told while something else is wrong, which another check names. */
export type CheckStatus = "ok" | "skipped" | "warning" | "error";

/** Puts right what was found, and nothing else. @returns what it did, a line each */
type Fix = () => Promise<readonly string[]>;

export interface CheckResult {
  readonly status: CheckStatus;
  /** What was found; several lines where there are several things. Never a secret. */
  readonly detail: string;
  /** What to do about it, as it can be followed or pasted. */
  readonly advice?: string | undefined;
  /** Absent where nothing is safe to do without asking. */
  readonly fix?: Fix | undefined;
}

export interface Check {
  /** What is looked at, in a few words. */
  readonly description: string;
  /** May throw: an error is also a result. */
  run(): Promise<CheckResult>;
}

export const ok = (detail: string): CheckResult => ({ status: "ok", detail });
export const skipped = (detail: string): CheckResult => ({ status: "skipped", detail });
export const warning = (detail: string, advice: string, fix?: Fix): CheckResult => ({
  status: "warning",
  detail,
  advice,
  fix,
});
export const failure = (detail: string, advice: string, fix?: Fix): CheckResult => ({
  status: "error",
  detail,
  advice,
  fix,
});

/** What is alarming in one of several things that a check looks at. */
export interface Concern {
  readonly text: string;
  /** Absent where it is in order. */
  readonly advice?: string | undefined;
  /** Default: a warning. */
  readonly isError?: boolean | undefined;
}

/** One result of several things: as grave as the gravest, with each piece of advice once. */
export function together(concerns: readonly Concern[], fix?: Fix): CheckResult {
  const detail = concerns.map(({ text }) => text).join("\n");
  const advice = [...new Set(concerns.flatMap((each) => each.advice ?? []))].join("\n");
  if (advice === "") return ok(detail);
  return concerns.some(({ isError }) => isError)
    ? failure(detail, advice, fix)
    : warning(detail, advice, fix);
}
