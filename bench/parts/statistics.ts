// Percentiles, medians and a fitted line, of few enough numbers to keep them all.

/** The value below which this share of the numbers lies, by the nearest rank. @param share 0.5 is the median */
export function percentile(numbers: readonly number[], share: number): number {
  if (numbers.length === 0) throw new RangeError("there is no percentile of nothing");
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
}

export const median = (numbers: readonly number[]) => percentile(numbers, 0.5);

export interface Line {
  /** Change of y for one of x. */
  readonly slope: number;
  /** y at x = 0. */
  readonly start: number;
}

/**
 * A line through points, by Theil and Sen: the median of the slopes between all pairs. A few points far off, as a collection of
 * garbage leaves them, do not tilt it. For some hundred points: its work is quadratic.
 */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): Line {
  const slopes = points.flatMap(([x, y], index) =>
    points
      .slice(index + 1)
      .flatMap(([otherX, otherY]) => (otherX === x ? [] : [(otherY - y) / (otherX - x)])),
  );
  if (slopes.length === 0) throw new RangeError("a line needs two points apart");
  const slope = middle(slopes);
  return { slope, start: middle(points.map(([x, y]) => y - slope * x)) };
}

/** The mean of the two in the middle where there are two. */
function middle(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.floor(half - 0.5)] as number) + (sorted[Math.ceil(half - 0.5)] as number)) / 2;
}
