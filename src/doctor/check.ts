// What a check is. Each looks at one thing, changes nothing that matters, and says what to do about what it finds.

export interface CheckResult {
  readonly status: "ok" | "warning" | "error";
  /** What was found; several lines where there are several things. Never a secret. */
  readonly detail: string;
  /** What to do about it, as it can be followed or pasted. */
  readonly advice?: string | undefined;
}

export interface Check {
  /** What is looked at, in a few words. */
  readonly description: string;
  /** May throw: an error is also a result. */
  run(): Promise<CheckResult>;
}

export const ok = (detail: string): CheckResult => ({ status: "ok", detail });
export const warning = (detail: string, advice: string): CheckResult => ({
  status: "warning",
  detail,
  advice,
});
export const failure = (detail: string, advice: string): CheckResult => ({ status: "error", detail, advice });
