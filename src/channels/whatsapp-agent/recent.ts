// What was seen lately, by id: bounded, the oldest goes first.

export interface Recent<T> {
  get(id: string): T | undefined;
  set(id: string, value: T): void;
}

/** As many as a busy day has. */
const MAX_KEPT = 5_000;

export function createRecent<T>(): Recent<T> {
  const kept = new Map<string, T>();
  return {
    get: (id) => kept.get(id),
    set(id, value) {
      kept.delete(id);
      kept.set(id, value);
      const [oldest] = kept.keys();
      if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    },
  };
}
