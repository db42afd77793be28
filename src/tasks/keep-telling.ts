// Tells a caller that its task is alive while Claude says nothing.
import type { Clock } from "../core/ports/clock.ts";
import type { ToolCaller } from "../core/ports/tool-source.ts";
import type { HeldTurn } from "./live-turns.ts";
import type { Sessions } from "./session-contract.ts";

/** A silent call dies at 300 s; a note every 15 s keeps it. */
const PROGRESS_MS = 15_000;

/** Begins with the turn: until it is allowed, the gate tells how the question stands. @returns ends it */
export function keepTelling(
  held: HeldTurn,
  onProgress: NonNullable<ToolCaller["onProgress"]>,
  { sessions, clock }: { readonly sessions: Pick<Sessions, "onChange">; readonly clock: Clock },
): () => void {
  let cancel = () => {};
  let beats = 0;
  let isOver = false;
  const beat = () => {
    if (isOver) return;
    beats += 1;
    onProgress({ progress: beats / 1_000, message: `task s${held.session.number} is under way` });
    cancel = clock.after(PROGRESS_MS, beat);
  };
  const unwatch = sessions.onChange(({ id }, kind) => {
    if (id === held.session.id && kind === "started") cancel = clock.after(PROGRESS_MS, beat);
  });
  return () => {
    isOver = true;
    cancel();
    unwatch();
  };
}
