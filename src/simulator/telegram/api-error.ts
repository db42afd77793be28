// Telegram's answers to what it does not do, with the words of its published server.

export class BotApiError extends Error {
  readonly code: number;
  readonly retryAfter: number | undefined;
  constructor(code: number, description: string, retryAfter?: number) {
    super(description);
    this.name = "BotApiError";
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

export const ERRORS = {
  unauthorized: () => new BotApiError(401, "Unauthorized"),
  notFound: () => new BotApiError(404, "Not Found"),
  webhook: () =>
    new BotApiError(
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    ),
  otherPoller: () =>
    new BotApiError(
      409,
      "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    ),
  blocked: () => new BotApiError(403, "Forbidden: bot was blocked by the user"),
  noChat: () => new BotApiError(400, "Bad Request: chat not found"),
  empty: () => new BotApiError(400, "Bad Request: message text is empty"),
  tooLong: () => new BotApiError(400, "Bad Request: message is too long"),
  captionTooLong: () => new BotApiError(400, "Bad Request: message caption is too long"),
  entity: (why: string) => new BotApiError(400, `Bad Request: ${why}`),
  button: () => new BotApiError(400, "Bad Request: BUTTON_DATA_INVALID"),
  noMessage: () => new BotApiError(400, "Bad Request: message to edit not found"),
  notModified: () =>
    new BotApiError(
      400,
      "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    ),
  oldTap: () =>
    new BotApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"),
  reaction: () => new BotApiError(400, "Bad Request: REACTION_INVALID"),
  parameter: (name: string) => new BotApiError(400, `Bad Request: parameter "${name}" is required`),
} as const;
