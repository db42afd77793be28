// A log that keeps what it was told, so that a test can ask for it.
import type { Log } from "../../src/core/ports/log.ts";

export interface KeptLog extends Log {
  readonly entries: { level: string; fields: object; message: string }[];
  text(): string;
}

export function createKeptLog(): KeptLog {
  const entries: KeptLog["entries"] = [];
  const keep = (level: string) => (fields: object, message: string) =>
    void entries.push({ level, fields, message });
  return {
    entries,
    debug: keep("debug"),
    info: keep("info"),
    warn: keep("warn"),
    error: keep("error"),
    refused: keep("warn"),
    text: () =>
      entries.map(({ level, fields, message }) => `${level} ${message} ${JSON.stringify(fields)}`).join("\n"),
  };
}
