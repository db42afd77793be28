// What only somebody at the machine may do: end a panic. Reached on the local listener alone, behind its checks.

import { type RequestHandler, Router } from "express";
import type { ModeKeeper } from "../../core/mode.ts";
import type { Log } from "../../core/ports/log.ts";
import { requesterOf } from "../requester.ts";

export const RESUME_PATH = "/control/resume";

export function createControlDoor(mode: ModeKeeper, log: Log): RequestHandler {
  const router = Router();
  router.post(RESUME_PATH, async (req, res) => {
    // Browsers send Origin with every POST, the command line never does: no web page may end a panic, local ones included.
    if (req.headers.origin !== undefined) {
      res.status(403).json({ error: "forbidden", message: "Use: npm run resume" });
      return;
    }
    // Callers with a token of their own may ask; they do not steer.
    if (requesterOf(res) !== undefined) {
      res.status(403).json({ error: "forbidden", message: "This wants APPROVAL_TOKEN, not a named token." });
      return;
    }
    const before = mode.current().kind;
    await mode.open();
    log.warn({ before }, "requests are asked again: resumed at the machine");
    res.json({ before, standing: mode.current().kind });
  });
  return router;
}
