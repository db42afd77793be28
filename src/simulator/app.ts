// The Express application of the simulator: Twilio's REST API, the phone's API and the phone page on one port.
import express, { type Express } from "express";
import type { ContentStore } from "./content/content-store.ts";
import type { SimulatorOptions } from "./contract.ts";
import type { Interference } from "./interference.ts";
import type { EventStreams } from "./phone/event-stream.ts";
import { createPhonePage } from "./phone/page.ts";
import { sameOriginOnly } from "./phone/same-origin.ts";
import { createTwilioApp, type TwilioAppDeps } from "./phone/twilio-app.ts";
import { createAccountRoutes } from "./rest/account-routes.ts";
import { answerError } from "./rest/answer.ts";
import { requireAccount } from "./rest/basic-auth.ts";
import { createContentRoutes } from "./rest/content-routes.ts";
import { createIndicatorRoutes } from "./rest/indicator-routes.ts";
import { createMessageRoutes, type MessageRoutesDeps } from "./rest/message-routes.ts";
import { createSenderRoutes } from "./rest/sender-routes.ts";
import { TwilioError } from "./rest/twilio-error.ts";
import type { Senders } from "./senders.ts";

const API_ROOTS = ["/2010-04-01", "/v1", "/v2"];

/** Builds the application; it does not listen. */
export function createSimulatorApp(
  options: SimulatorOptions,
  deps: Omit<MessageRoutesDeps & TwilioAppDeps, "accountSid" | "sender"> &
    Pick<Interference, "intercept"> & {
      readonly contents: ContentStore;
      readonly senders: Senders;
      readonly streams: EventStreams;
    },
): Express {
  const parts = { ...deps, accountSid: options.accountSid, sender: options.sender };
  const app = express();
  app.disable("x-powered-by");
  app.use(...sameOriginOnly);

  app.use(API_ROOTS, (_req, res, next) => {
    // Twilio's clock is this world's, in every answer.
    res.setHeader("Date", new Date(deps.now()).toUTCString());
    next();
  });
  app.use(API_ROOTS, requireAccount(options));
  if (deps.intercept !== undefined) app.use(API_ROOTS, deps.intercept);
  app.use("/2010-04-01/Accounts/:account", createMessageRoutes(parts));
  app.use(createAccountRoutes(parts));
  app.use(createContentRoutes(parts));
  app.use(createIndicatorRoutes(parts));
  app.use(createSenderRoutes(parts));
  app.use(API_ROOTS, () => {
    throw new TwilioError(404, 20404);
  });
  app.use(answerError);

  const own = createTwilioApp(parts);
  const apps = options.apps?.(own) ?? [own];
  app.use(createPhonePage({ apps, pageDir: options.pageDir, streams: deps.streams }));
  return app;
}
