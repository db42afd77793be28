// What went wrong between us and the Agent Platform, in words of ours. Holds nothing of the request: its headers carry the key.
import { DeliveryError } from "../../../domain/errors.ts";
import { type AnswerKind, type Endpoint, MEANINGS, type Meaning } from "./answers.ts";

interface AgentErrorOptions {
  readonly status?: number | undefined;
  /** The platform's code, or Node's of a connection that failed. */
  readonly code?: number | string | undefined;
  /** What the answer asked for, ms. */
  readonly retryAfterMs?: number | undefined;
}

export class AgentError extends DeliveryError {
  readonly kind: AnswerKind;
  readonly endpoint: Endpoint;
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly retryAfterMs: number;

  constructor(endpoint: Endpoint, kind: AnswerKind, options: AgentErrorOptions = {}) {
    const { status, code, retryAfterMs = 0 } = options;
    super(MEANINGS[kind].message, MEANINGS[kind].advice, typeof code === "number" ? code : undefined, {
      channel: "whatsapp-agent",
    });
    this.name = "AgentError";
    this.kind = kind;
    this.endpoint = endpoint;
    this.status = status;
    this.connection = typeof code === "string" ? code : undefined;
    this.retryAfterMs = retryAfterMs;
  }

  get meaning(): Meaning {
    return MEANINGS[this.kind];
  }
}
