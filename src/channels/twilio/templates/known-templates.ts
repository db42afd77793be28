// What the database remembers of the templates at Twilio. A row counts only under this server's seal: whoever can merely
// write to the database must not choose what a person is shown.
import type { Clock } from "../../../core/ports/clock.ts";
import type { Log } from "../../../core/ports/log.ts";
import type { KnownTemplate, TemplateStore } from "../../../core/ports/template-store.ts";
import { isSealed, sealOf } from "../../../core/seal.ts";

export interface KnownTemplatesDeps {
  readonly store: TemplateStore;
  readonly accountSid: string;
  /** What only this server and its operator know; the first one seals. */
  readonly secrets: readonly string[];
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

export interface KnownTemplates {
  /** SIDs by the templates' names at Twilio. Never rejects: without them Twilio is asked. */
  read(): Promise<ReadonlyMap<string, string>>;
  /** Never rejects: it is found again. */
  remember(name: string, sid: string, approval: string): Promise<void>;
}

export function createKnownTemplates(deps: KnownTemplatesDeps): KnownTemplates {
  const { store, accountSid, secrets, clock, log } = deps;

  const sealedText = ({ name, sid, approval }: Omit<KnownTemplate, "seal" | "seenAt">) =>
    `template\n${accountSid}\n${name}\n${sid}\n${approval}`;

  return {
    async read() {
      const rows = await store.templates(accountSid).catch((error: unknown) => {
        log.warn({ err: error }, "the known templates could not be read: Twilio is asked for them");
        return [];
      });
      const sealed = rows.filter((row) => isSealed(secrets, sealedText(row), row.seal));
      if (sealed.length < rows.length)
        log.warn(
          { rows: rows.length - sealed.length },
          "templates in the database were not written with this auth token and do not count",
        );
      return new Map(sealed.map(({ name, sid }) => [name, sid]));
    },
    async remember(name, sid, approval) {
      const known = { account: accountSid, name, sid, approval };
      await store
        .recordTemplate({ ...known, seal: sealOf(secrets, sealedText(known)), seenAt: clock.now() })
        .catch((error: unknown) => log.warn({ err: error, name }, "a template could not be recorded"));
    },
  };
}
