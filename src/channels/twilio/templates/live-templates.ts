// The templates that messages are sent with, each with its SID in this account. They are found by name at the start and once
// a day, made where they are missing, and remembered for a start without Twilio. Never deletes anything there.
import type { Clock } from "../../../core/ports/clock.ts";
import type { Log } from "../../../core/ports/log.ts";
import { waitAtMost } from "../../../core/timing.ts";
import { type ContentApi, type EnsuredTemplate, ensureTemplates } from "./ensure-templates.ts";
import type { KnownTemplates } from "./known-templates.ts";
import type { MessageTemplate } from "./template.ts";
import { toContent } from "./template-config.ts";

/** How long a start waits for Twilio where templates are not known yet, ms; then it goes on without buttons. */
const FIRST_LOOK_MS = 10_000;
/** The shortest time from one look to the next: after one that failed, or for a template that is gone, ms. */
export const LOOK_AGAIN_MS = 3 * 60_000;
/** The longest while looks fail, ms. */
const MAX_PAUSE_MS = 60 * 60_000;
/** From one look to the next otherwise, ms: WhatsApp may have approved a template, or taken an approval back. */
export const LOOK_INTERVAL_MS = 24 * 60 * 60_000;

/** Without a SID its messages go out as plain text. */
interface LiveTemplate {
  readonly template: MessageTemplate;
  readonly sid: string | undefined;
}

export interface LiveTemplates {
  /** As it is now. @param key the template's */
  get(key: string): LiveTemplate | undefined;
  readonly templates: readonly MessageTemplate[];
  /** The keys of those without a SID. */
  missing(): readonly string[];
  /** Twilio has no template with that SID: it is not used until it has been found or made again. */
  gone(sid: string): void;
  /** No look begins afterwards. */
  stop(): void;
}

export interface LiveTemplatesDeps {
  readonly api: ContentApi;
  readonly known: KnownTemplates;
  readonly templates: readonly MessageTemplate[];
  /** SIDs by environment variable that the operator has named. */
  readonly namedSids: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Never rejects: with Twilio down and nothing remembered, messages have no buttons until a later look. */
export async function openLiveTemplates(deps: LiveTemplatesDeps): Promise<LiveTemplates> {
  const { api, known, templates, namedSids, clock, log } = deps;
  const sids = new Map<string, string>();
  const namedSid = ({ env }: MessageTemplate) => namedSids[env]?.trim() || undefined;
  /** Those whose SID only the operator knows so far. */
  const unchecked = new Set<string>();
  const told = new Set<string>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let isLooking = false;
  let isStopped = false;
  let failures = 0;
  let cancel = () => {};

  const missing = () => templates.map(({ key }) => key).filter((key) => !sids.has(key));

  function lookIn(delayMs: number): void {
    cancel();
    if (!isStopped) cancel = clock.after(delayMs, () => void look());
  }

  async function look(): Promise<void> {
    if (isLooking || isStopped) return;
    isLooking = true;
    lookedAt = clock.elapsed();
    cancel();
    const problems: unknown[] = [];
    try {
      const onProblem = ({ key }: MessageTemplate, error: unknown) => {
        problems.push(error);
        // Twilio answers, and has not shown that it fits.
        if (unchecked.delete(key)) sids.delete(key);
      };
      await take(await ensureTemplates(api, templates, { namedSid, onProblem }));
    } catch (error) {
      problems.push(error);
    }
    isLooking = false;
    if (isStopped) return;
    note(problems);
    const isGone = missing().length > 0;
    if (failures > 0) lookIn(Math.min(MAX_PAUSE_MS, LOOK_AGAIN_MS * 2 ** (failures - 1)));
    else lookIn(isGone ? LOOK_AGAIN_MS : LOOK_INTERVAL_MS);
  }

  async function take(ensured: ReadonlyMap<string, EnsuredTemplate>): Promise<void> {
    if (isStopped) return;
    for (const template of templates) {
      const found = ensured.get(template.key);
      if (found === undefined) continue;
      sids.set(template.key, found.sid);
      unchecked.delete(template.key);
      const approval = found.sid === found.approval?.sid ? found.approval.status : "unsubmitted";
      await known.remember(toContent(template).friendly_name, found.sid, approval);
    }
    const made = [...ensured.values()].filter(({ created }) => created).length;
    if (made > 0) log.info({ made }, "the message templates were made");
    tellOfNamed(ensured);
  }

  /** Once each. */
  function tellOfNamed(ensured: ReadonlyMap<string, EnsuredTemplate>): void {
    const variables = (...states: (EnsuredTemplate["named"] | undefined)[]) =>
      templates
        .filter(({ key, env }) => states.includes(ensured.get(key)?.named ?? undefined) && !told.has(env))
        .map(({ env }) => env);
    const used = variables("used");
    const unfit = variables("gone", "other content");
    if (used.length > 0)
      log.info({ variables: used }, "SIDs that are set here overrule the templates that were found by name");
    if (unfit.length > 0)
      log.warn(
        { variables: unfit },
        "SIDs that are set here are not those of template_config.json, or no longer in the account: they are not used, the templates that were found by name are. Take them out of .env",
      );
    for (const variable of [...used, ...unfit]) told.add(variable);
  }

  function note(problems: readonly unknown[]): void {
    const [first] = problems;
    if (first === undefined) {
      if (failures > 0) log.info({}, "the templates could be looked up at Twilio again");
      failures = 0;
      return;
    }
    failures += 1;
    if (failures === 1)
      log.warn(
        { err: first, missing: missing().join(", ") },
        "templates could not be looked up or made at Twilio: those that are missing have no buttons; it is tried again, in 3 minutes first",
      );
  }

  const remembered = await known.read();
  for (const template of templates) {
    const known = remembered.get(toContent(template).friendly_name);
    const sid = known ?? namedSid(template);
    if (sid !== undefined) sids.set(template.key, sid);
    if (sid !== known) unchecked.add(template.key);
  }
  const isKnown = templates.every((template) => remembered.has(toContent(template).friendly_name));
  const first = look();
  if (!isKnown) await waitAtMost(FIRST_LOOK_MS, first, clock);

  return {
    templates,
    missing,
    get(key) {
      const template = templates.find((each) => each.key === key);
      return template && { template, sid: sids.get(key) };
    },
    gone(sid) {
      const keys = [...sids].filter(([, each]) => each === sid).map(([key]) => key);
      if (keys.length === 0) return;
      for (const key of keys) sids.delete(key);
      if (!isLooking) lookIn(Math.max(0, lookedAt + LOOK_AGAIN_MS - clock.elapsed()));
    },
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
