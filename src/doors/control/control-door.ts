// What only somebody at the machine may do: end a panic. Reached on the local listener alone, behind its checks.

import { type RequestHandler, Router } from "express";
import type { ModeKeeper } from "../../core/mode.ts";
import type { Log } from "../../core/ports/log.ts";
import { ownCommand } from "../../domain/own-command.ts";
import { noWebPages } from "../no-web-pages.ts";
import { requesterOf } from "../requester.ts";

export const RESUME_PATH = "/control/resume";

export function createControlDoor(mode: ModeKeeper, log: Log): RequestHandler {
  const router = Router();
  router.use(
    RESUME_PATH,
    noWebPages(
      (res) => void res.status(403).json({ error: "forbidden", message: `Use: ${ownCommand("resume")}` }),
    ),
  );
  router.post(RESUME_PATH, async (_req, res) => {
    // Callers with a token of their own may ask; they do not steer.
    if (requesterOf(res) !== undefined) {
      res.status(403).json({ error: "forbidden", message: "This wants APPROVAL_TOKEN, not a named token." });
      return;
    }
    const before = mode.current().kind;
    await mode.open();
    if (before !== "open") log.warn({ before }, "requests are asked again: resumed at the machine");
    res.json({ before, standing: mode.current().kind, recorded: mode.isRecorded() });
  });
  return router;
}
