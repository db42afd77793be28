// Time, as a parameter: nothing below src/server reads the clock of the machine.

/** Time, as a parameter. */
export interface Clock {
  /** Epoch milliseconds: the wall clock, which a person or a time server may set at any moment. */
  now(): number;
  /**
   * Milliseconds since some moment before. Never goes back and is never set: for pauses, limits and ages. It may stand
   * still while the machine sleeps, so what must not outlive a sleep looks at `now` as well.
   */
  elapsed(): number;
  /** Runs `task` once after `delayMs` by `elapsed`; the returned function cancels it and may be called at any time. */
  after(delayMs: number, task: () => void): () => void;
}
