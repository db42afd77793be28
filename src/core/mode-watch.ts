// What a pause or a panic makes of a call that is being asked about, or runs.
import type { ClosedMode } from "../domain/service-mode.ts";
import type { ModeKeeper } from "./mode.ts";

/** What has become of the mode since a call was asked about. */
export interface ModeWatch {
  closed?: ClosedMode["kind"];
  /** Aborts at PANIC. */
  readonly stopped: AbortController;
}

/** @returns runs work under a watch of its own, until it ends */
export function createModeWatch(mode: Pick<ModeKeeper, "onClose">) {
  const watches = new Set<ModeWatch>();
  mode.onClose(({ kind }) => {
    for (const watch of watches) {
      watch.closed ??= kind;
      if (kind === "panic") watch.stopped.abort();
    }
  });

  /** From before it is asked about: an approval may be on its way while the mode closes. */
  return async function watched<Result>(work: (watch: ModeWatch) => Promise<Result>): Promise<Result> {
    const watch: ModeWatch = { stopped: new AbortController() };
    watches.add(watch);
    try {
      return await work(watch);
    } finally {
      watches.delete(watch);
    }
  };
}

/** What becomes of a call that was approved before a pause or a panic, and has not begun. */
export function takenBackText(closed: ClosedMode["kind"]): string {
  const how = closed === "panic" ? "stopped everything" : "paused approvals";
  return `The person ${how} before it began. It was approved, and did not run.`;
}
