// The account itself: what a check of the credentials fetches.
import { Router } from "express";
import { answer } from "./answer.ts";

/** `GET /2010-04-01/Accounts/{AC}.json`; the sign-in before it has checked whose account it is. */
export function createAccountRoutes({ accountSid }: { readonly accountSid: string }): Router {
  const router = Router();
  const path = `/2010-04-01/Accounts/${accountSid}.json`;
  router.get(path, (_req, res) => {
    answer(res, 200, {
      sid: accountSid,
      friendly_name: "Simulated account",
      status: "active",
      type: "Full",
      uri: path,
    });
  });
  return router;
}
