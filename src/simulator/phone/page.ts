// The phone page: its API, its files, and nothing else; for the simulated Twilio's port, or for one of its own.
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type ErrorRequestHandler, Router } from "express";
import { PAGE_HEADERS } from "../../domain/page-headers.ts";
import { createEventStreams, type EventStreams } from "./event-stream.ts";
import type { PhoneApp } from "./phone-app.ts";
import { createPhoneRoutes } from "./phone-routes.ts";
import { sameOriginOnly } from "./same-origin.ts";

interface PhonePageDeps {
  /** In the order in which the page offers them; at least one. */
  readonly apps: readonly PhoneApp[];
  /** The folder of the page's files. */
  readonly pageDir: string;
  readonly streams: EventStreams;
}

export function createPhonePage({ apps, pageDir, streams }: PhonePageDeps): Router {
  const router = Router();
  router.use((_req, res, next) => {
    res.set(PAGE_HEADERS);
    next();
  });
  router.use("/phone", createPhoneRoutes(apps, streams));
  router.use(express.static(pageDir, { cacheControl: false, etag: false, lastModified: false }));
  router.use((_req, res) => {
    res.status(404).type("text/plain").send("There is nothing here.");
  });
  router.use(answerPlainly);
  return router;
}

// Express's own handler would print the error.
const answerPlainly: ErrorRequestHandler = (_error, _req, res, next) => {
  if (res.headersSent) next();
  else res.status(400).type("text/plain").send("The request cannot be read.");
};

export interface RunningPhonePage {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

/** The page alone. @param port 0 picks a free one; always on 127.0.0.1 @throws Error when the port is taken */
export async function servePhonePage(
  deps: Omit<PhonePageDeps, "streams">,
  port: number,
): Promise<RunningPhonePage> {
  const streams = createEventStreams();
  const app = express();
  app.disable("x-powered-by");
  app.use(...sameOriginOnly);
  app.use(createPhonePage({ ...deps, streams }));
  const server = await new Promise<Server>((resolve, reject) => {
    const listening = app.listen(port, "127.0.0.1", (error?: Error) => {
      if (error === undefined) resolve(listening);
      else reject(error);
    });
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        streams.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
