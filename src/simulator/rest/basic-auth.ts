// HTTP Basic authentication of the simulated API: the account and its token, or one of the API keys.
import type { RequestHandler } from "express";
import { TwilioError } from "./twilio-error.ts";

/** Lets a call pass when it is signed in and, where the path names an account, names this one; otherwise 20003. */
export function requireAccount(account: {
  readonly accountSid: string;
  readonly authToken: string;
  readonly apiKeys?: Readonly<Record<string, string>> | undefined;
}): RequestHandler {
  const secrets = new Map([
    ...Object.entries(account.apiKeys ?? {}),
    [account.accountSid, account.authToken],
  ]);
  return (req, _res, next) => {
    const { user, secret } = credentials(req.headers.authorization);
    if (secret === "" || secrets.get(user) !== secret) throw new TwilioError(401, 20003);
    const named = /^\/2010-04-01\/Accounts\/([^/.]+)/.exec(req.originalUrl)?.[1];
    if (named !== undefined && named !== account.accountSid) throw new TwilioError(401, 20003);
    next();
  };
}

function credentials(header: string | undefined): { user: string; secret: string } {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? "")?.[1] ?? "";
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return colon < 0
    ? { user: "", secret: "" }
    : { user: decoded.slice(0, colon), secret: decoded.slice(colon + 1) };
}
