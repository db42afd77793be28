// How many requests a caller may make within a time.

/** Counts requests over time. */
export interface RateLimit {
  /** Takes one. @returns 0, or how long to wait for the next one, ms. */
  take(key: string): Promise<number>;
}
