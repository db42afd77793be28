// What only somebody at the machine may do: end a panic. Reached on the local listener alone, behind its checks.
import { type RequestHandler, Router } from "express";
import type { Log } from "../../core/ports.ts";
import type { StandingKeeper } from "../../core/standing.ts";

export const RESUME_PATH = "/control/resume";

export function createControlDoor(standing: StandingKeeper, log: Log): RequestHandler {
  const router = Router();
  router.post(RESUME_PATH, async (req, res) => {
    // Browsers send Origin with every POST, the command line never does: no web page may end a panic, local ones included.
    if (req.headers.origin !== undefined) {
      res.status(403).json({ error: "forbidden", message: "Use: npm run resume" });
      return;
    }
    const before = standing.current().kind;
    await standing.open();
    log.warn({ before }, "requests are asked again: resumed at the machine");
    res.json({ before, standing: standing.current().kind });
  });
  return router;
}
