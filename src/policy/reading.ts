// How a rule is compared with a call.
import type { Submission } from "../domain/submission.ts";

/** `wide` for deny and ask, `narrow` for allow: a doubt never allows. */
export type Reading = "wide" | "narrow";

/** Whether a rule is about a call. */
export type Matcher = (submission: Submission) => boolean;
