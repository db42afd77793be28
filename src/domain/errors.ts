// Errors by who must act: the operator, or the world outside. Each says what to do.
import type { ChannelName } from "./channel.ts";

/** The operator must change something: configuration, files, ports. Carries every problem found, not just the first. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

interface DeliveryErrorOptions {
  readonly cause?: unknown;
  readonly channel?: ChannelName | undefined;
}

/** The outside world did not take a message. `code` is the platform's own, where there is one. */
export class DeliveryError extends Error {
  readonly advice: string;
  readonly code: number | undefined;
  /** Whose code it is. Absent: Twilio's. */
  readonly channel: ChannelName | undefined;
  constructor(message: string, advice: string, code?: number, options: DeliveryErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = "DeliveryError";
    this.advice = advice;
    this.code = code;
    this.channel = options.channel;
  }
}
