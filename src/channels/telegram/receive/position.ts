// Where reading goes on, as it is kept: the number of the next update, and when that was known. After a week without updates Telegram
// begins its numbers anew, anywhere: an old number would then stand for nothing, or skip what has come.

export interface Position {
  readonly next: number;
  /** Epoch ms. */
  readonly at: number;
}

/** Below the week, ms. */
const MAX_AGE_MS = 6 * 24 * 3_600_000;

export function positionText({ next, at }: Position): string {
  return `${next} ${at}`;
}

/** @returns undefined where it is too old, or no position: Telegram then gives what nobody has read */
export function readPosition(text: string | undefined, now: number): Position | undefined {
  const [, next, at] = /^(\d{1,16}) (\d{1,16})$/.exec(text ?? "") ?? [];
  const position = { next: Number(next), at: Number(at) };
  return next !== undefined && Number.isSafeInteger(position.next) ? current(position, now) : undefined;
}

/** @returns undefined where it has become too old */
export function current(position: Position, now: number): Position | undefined {
  return Math.abs(now - position.at) < MAX_AGE_MS ? position : undefined;
}
