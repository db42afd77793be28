// The Stop hook that waits for a person's next words: its answer is held until they come, or until nobody waits any longer. In print
// mode the run waits with it, in a session with a terminal nothing does. Only words continue: everything else is no opinion.
import type { Request, RequestHandler, Response } from "express";
import type { FinishedTurns, WaitingTurn } from "../../core/finished-turns.ts";
import type { Log } from "../../core/ports/log.ts";
import { projectName } from "../project.ts";
import { requesterOf } from "../requester.ts";
import { whenWritten } from "../written.ts";
import { sessionOf } from "./call-key.ts";
import type { DoneMessages } from "./done-messages.ts";
import { NO_OPINION } from "./hook-answer.ts";
import { hookOf, isAttended } from "./hook-headers.ts";
import { type HookEvent, parseHookEvent } from "./hook-input.ts";
import type { StopPairs } from "./stop-pairs.ts";

export interface WaitReplyDeps {
  readonly turns: FinishedTurns;
  readonly pairs: StopPairs;
  readonly done: DoneMessages;
  readonly log: Log;
}

export function createWaitReply({ turns, pairs, done, log }: WaitReplyDeps): RequestHandler {
  async function told(event: HookEvent, turn: WaitingTurn): Promise<void> {
    // Nobody can reply to a message that nobody has.
    if (!(await done.stopped(event, turn))) turn.end("gone");
  }

  return async (req: Request, res: Response) => {
    const written = whenWritten(res);
    const event = parseHookEvent(req.body);
    // With tasks in the background Claude goes on by itself, and a subagent's end is none.
    if (event === undefined || event.agentId !== undefined || (event.tasksInFlight ?? 0) > 0) {
      res.json(NO_OPINION);
      return;
    }
    const session = sessionOf({ ...event, requester: requesterOf(res) });
    const turn = turns.wait({
      session,
      sessionId: event.sessionId,
      project: projectName(event.cwd),
      requester: requesterOf(res),
      hookOf: hookOf(req.headers),
      isAttended: isAttended(req.headers),
    });
    if (turn === undefined) {
      res.json(NO_OPINION);
      return;
    }
    pairs.waits(session);
    void written.then(() => turn.end("gone"));
    told(event, turn).catch((error: unknown) => {
      log.error({ err: error }, "that Claude has finished could not be told");
      turn.end("gone");
    });
    const words = await turn.words;
    if (words !== undefined) void written.then(words.taken);
    res.json(words === undefined ? NO_OPINION : { decision: "block", reason: words.text });
  };
}
