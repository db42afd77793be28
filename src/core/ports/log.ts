// The structured log. Nothing that is handed to it may hold a secret.

/** The structured log. Never pass a secret, a token or an unescaped foreign string as the message. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A warning about something that was turned away. Whoever sends it can send it often: one line a second, with a count. */
  refused(fields: object, message: string): void;
}
