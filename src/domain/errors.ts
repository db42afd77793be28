// Errors by who must act: the operator, or the world outside. Each says what to do.

/** The operator must change something: configuration, files, ports. Carries every problem found, not just the first. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** The outside world did not take a message. `code` is Twilio's error code where there is one. */
export class DeliveryError extends Error {
  readonly advice: string;
  readonly code: number | undefined;
  constructor(message: string, advice: string, code?: number, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "DeliveryError";
    this.advice = advice;
    this.code = code;
  }
}
