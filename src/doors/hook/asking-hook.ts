// What the hooks have in common that wait for a phone: the caller may leave, the turn may end, the server may stop. Whatever
// goes wrong is no opinion.
import type { Request, RequestHandler, Response } from "express";
import type { Answer } from "../../core/pending-request.ts";
import type { Log } from "../../core/ports/log.ts";
import type { ToolCall } from "../../domain/tool-call.ts";
import { requesterOf } from "../requester.ts";
import { whenWritten } from "../written.ts";
import type { Posted } from "./call-key.ts";
import type { Callers } from "./callers.ts";
import { NO_OPINION } from "./hook-answer.ts";
import type { ParsedAsk } from "./hook-input.ts";

type AskedByHook<Ask> = Ask & Posted & { readonly call: ToolCall; readonly headers: Request["headers"] };

export interface AskingHook<Ask> {
  readonly event: string;
  readonly parse: (body: unknown) => ParsedAsk<Ask>;
  /** Asks; undefined where there is nothing to ask. */
  readonly ask: (ask: AskedByHook<Ask>, signal: AbortSignal) => Promise<Answer | undefined>;
  readonly answer: (answer: Answer) => object;
}

export function askingHook<Ask extends Omit<Posted, "requester"> & { readonly call: ToolCall }>(
  { event, parse, ask, answer }: AskingHook<Ask>,
  { callers, log }: { readonly callers: Callers; readonly log: Log },
): RequestHandler {
  return async (req: Request, res: Response) => {
    const written = whenWritten(res);
    const parsed = parse(req.body);
    if (!parsed.ok) {
      log.warn({ problem: parsed.problem, hook: event }, "a hook's question could not be read: no opinion");
      res.json(NO_OPINION);
      return;
    }
    const posted = { ...parsed.ask, requester: requesterOf(res), headers: req.headers };
    const caller = callers.enter(posted);
    void written.then((isWritten) => isWritten || caller.gone());
    try {
      const answered = await ask(posted, caller.signal);
      if (answered !== undefined) void written.then(answered.acknowledge);
      res.json(answered === undefined ? NO_OPINION : answer(answered));
    } catch (error) {
      log.error({ err: error, hook: event }, "a hook's question failed: no opinion");
      if (!res.headersSent) res.json(NO_OPINION);
    } finally {
      caller.leave();
    }
  };
}
