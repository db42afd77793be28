// The seal over what a session is resumed by: whoever can merely write to the database cannot lead words from the phone to another
// session of Claude, another folder, or another number of turns.
import type { TaskSession } from "../core/ports/task-store.ts";
import { isSealed, sealOf } from "../core/seal.ts";

/** @param session with Claude's own id. @param secrets only this server's; the first one seals */
export function sessionSeal(secrets: readonly string[], session: TaskSession): string {
  return sealOf(secrets, sealedText(session));
}

/** Whether this server has written it so, with one of its present secrets. */
export function isOwnSession(secrets: readonly string[], session: TaskSession): boolean {
  return isSealed(secrets, sealedText(session), session.seal ?? "");
}

function sealedText(session: TaskSession): string {
  const { id, number, profile, workflow, folder, project, maxTurns, createdAt } = session;
  const { requester = null, parent = null, claudeSession = null } = session;
  // Which turn it was changes; that a verification is none to be continued does not.
  const isVerification = workflow === "verify_task";
  const what = [id, number, profile, isVerification, folder, project, maxTurns, createdAt];
  return JSON.stringify(["task session", ...what, requester, parent, claudeSession]);
}
