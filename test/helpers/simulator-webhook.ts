// A small server that takes webhooks like ours does, remembers them, and lets a test wait for the next ones.
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { validateRequest } from "twilio/lib/webhooks/webhooks.js";

export interface ReceivedForm {
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
}

export interface WebhookAnswer {
  readonly status?: number;
  readonly contentType?: string;
  readonly body?: string;
  /** The answer waits for it. */
  readonly after?: Promise<unknown>;
}

/** Starts one on a free loopback port. By default it answers `<Response/>`. */
export async function startWebhookServer() {
  const received: ReceivedForm[] = [];
  const waiting = new Set<() => void>();
  let answer: (form: ReceivedForm) => WebhookAnswer = () => ({});

  const server = createServer((req, res) => {
    void (async () => {
      let text = "";
      for await (const chunk of req) text += String(chunk);
      const form = { params: Object.fromEntries(new URLSearchParams(text)), headers: req.headers };
      received.push(form);
      for (const check of [...waiting]) check();
      const { status = 200, contentType = "text/xml", body = "<Response/>", after } = answer(form);
      await after;
      res.writeHead(status, { "content-type": contentType }).end(body);
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/twilio-webhook`;

  return {
    url,
    received: received as readonly ReceivedForm[],
    answerWith(next: (form: ReceivedForm) => WebhookAnswer): void {
      answer = next;
    },
    /** Resolves with the first `count` matching forms, past or future. */
    forms(count: number, match: (form: ReceivedForm) => boolean = () => true): Promise<ReceivedForm[]> {
      return new Promise((resolve) => {
        const check = () => {
          const found = received.filter(match);
          if (found.length < count) return;
          waiting.delete(check);
          resolve(found.slice(0, count));
        };
        waiting.add(check);
        check();
      });
    },
    /** Whether the form carries a valid Twilio signature for this server. */
    isSigned(form: ReceivedForm, authToken: string): boolean {
      return validateRequest(authToken, String(form.headers["x-twilio-signature"] ?? ""), url, form.params);
    },
    async close(): Promise<void> {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
