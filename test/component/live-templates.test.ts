// Which SIDs messages are sent with, against a simulated Twilio and a real database: found, made, named, remembered.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createContentApi } from "../../src/channels/twilio/templates/content-api.ts";
import { type ContentApi, ensureTemplates } from "../../src/channels/twilio/templates/ensure-templates.ts";
import { createKnownTemplates } from "../../src/channels/twilio/templates/known-templates.ts";
import {
  type LiveTemplates,
  LOOK_AGAIN_MS,
  LOOK_INTERVAL_MS,
  openLiveTemplates,
} from "../../src/channels/twilio/templates/live-templates.ts";
import {
  parseTemplateConfig,
  TEMPLATE_CONFIG_FILE,
  toApprovalContent,
  toContent,
  withIdInTitles,
} from "../../src/channels/twilio/templates/template-config.ts";
import { createTwilioClient } from "../../src/channels/twilio/twilio-client.ts";
import type { TemplateStore } from "../../src/core/ports/template-store.ts";
import { packageRoot } from "../../src/server/system.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { createFakeClock, type FakeClock } from "../helpers/fake-clock.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { ACCOUNT, startWorld, TOKEN } from "../helpers/simulator-world.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const TEMPLATES = parseTemplateConfig(readFileSync(join(packageRoot(), TEMPLATE_CONFIG_FILE), "utf8"));
const [COMMAND] = TEMPLATES;
if (COMMAND === undefined) throw new Error("no template");

interface OpenOptions {
  readonly named?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly templates?: typeof TEMPLATES;
  readonly api?: (real: ContentApi) => ContentApi;
}

async function startTemplates() {
  const { simulator, client } = await startWorld();
  const real = createContentApi(
    createTwilioClient({ accountSid: ACCOUNT, authToken: TOKEN, baseUrl: simulator.url }),
  );
  const store = createSqliteStore(join(temporaryFolder(), "approvals.db"));
  onTestFinished(() => store.close());
  const clock = createFakeClock();
  const calls: string[] = [];
  const counted = (api: ContentApi): ContentApi => ({
    ...api,
    list() {
      calls.push("list");
      return api.list();
    },
  });
  return {
    simulator,
    real,
    store,
    clock,
    calls,
    remove: (sid: string | undefined) => client.content.v1.contents(sid ?? "").remove(),
    async open({
      named = {},
      secrets = [TOKEN],
      templates = TEMPLATES,
      api = (each) => each,
    }: OpenOptions = {}) {
      const log = createKeptLog();
      const known = createKnownTemplates({ store, accountSid: ACCOUNT, secrets, clock, log });
      const live = await openLiveTemplates({
        api: counted(api(real)),
        known,
        templates,
        namedSids: named,
        clock,
        log,
      });
      onTestFinished(() => live.stop());
      return { live, log };
    },
  };
}

const sidsOf = (live: LiveTemplates) => TEMPLATES.map(({ key }) => live.get(key)?.sid);
const down = (): Promise<never> => Promise.reject(new Error("no way to Twilio"));
const unreachable: ContentApi = { list: down, create: down, submit: down, approval: down };

/** WhatsApp decides between the second look and the third. */
async function approve(api: ContentApi): Promise<void> {
  for (let run = 0; run < 2; run += 1) await ensureTemplates(api, TEMPLATES, { submit: true });
}

/** A look sets the time of the next one only when it has ended. */
async function aDayPasses({ clock }: { readonly clock: FakeClock }): Promise<void> {
  await expect.poll(clock.dues).toContain(LOOK_INTERVAL_MS);
  await clock.advance(LOOK_INTERVAL_MS);
}

describe("the templates of a server that starts", () => {
  it("are made once, and found again by the next one", async () => {
    const stage = await startTemplates();
    const first = await stage.open();
    expect(first.live.missing()).toEqual([]);
    const contents = await stage.real.list();
    expect(sidsOf(first.live)).toEqual(contents.map(({ sid }) => sid));
    first.live.stop();
    const second = await stage.open();
    await expect.poll(() => stage.calls.filter((call) => call === "list")).toHaveLength(2);
    expect(sidsOf(second.live)).toEqual(sidsOf(first.live));
    expect(await stage.real.list()).toHaveLength(TEMPLATES.length);
  });

  it("come from the database where Twilio cannot be asked, each for its account, until it can", async () => {
    const stage = await startTemplates();
    const first = await stage.open();
    first.live.stop();
    const second = await stage.open({ api: () => unreachable });
    expect(sidsOf(second.live)).toEqual(sidsOf(first.live));
    // An edit has another name: what is remembered is not for it.
    const edited = TEMPLATES.map((each) => ({ ...each, body: `${each.body}!` }));
    const third = await stage.open({ api: () => unreachable, templates: edited });
    expect(third.live.missing()).toEqual(TEMPLATES.map(({ key }) => key));
    expect(third.log.text()).toContain("those that are missing have no buttons");
  });

  it("do not come from a row that this server has not written", async () => {
    const stage = await startTemplates();
    const first = await stage.open();
    first.live.stop();
    const [row] = await stage.store.templates(ACCOUNT);
    if (row === undefined) throw new Error("nothing was remembered");
    const other = sidsOf(first.live)[4] ?? "";
    await stage.store.recordTemplate({ ...row, sid: other });
    const second = await stage.open({ api: () => unreachable });
    expect(second.live.missing()).toHaveLength(1);
    expect(sidsOf(second.live).filter((sid) => sid === other)).toHaveLength(1);
    expect(second.log.text()).toContain("were not written with this auth token");
    second.live.stop();
    // After a rotation the old token still vouches, as long as it is named.
    const rotated = await stage.open({ api: () => unreachable, secrets: ["new-token", TOKEN] });
    expect(rotated.live.missing()).toHaveLength(1);
    expect(
      (await stage.open({ api: () => unreachable, secrets: ["new-token"] })).live.missing(),
    ).toHaveLength(TEMPLATES.length);
  });

  it("are used although the database cannot remember them", async () => {
    const { real, clock } = await startTemplates();
    const log = createKeptLog();
    const full = async () => Promise.reject(new Error("the disk is full"));
    const store: TemplateStore = { templates: full, recordTemplate: full };
    const known = createKnownTemplates({ store, accountSid: ACCOUNT, secrets: [TOKEN], clock, log });
    const live = await openLiveTemplates({
      api: real,
      known,
      templates: TEMPLATES,
      namedSids: {},
      clock,
      log,
    });
    onTestFinished(() => live.stop());
    expect(live.missing()).toEqual([]);
  });

  it("do not hold the start up when Twilio does not answer", async () => {
    const stage = await startTemplates();
    const hanging: ContentApi = { ...unreachable, list: () => new Promise(() => {}) };
    const opening = stage.open({ api: () => hanging });
    await stage.clock.advance(10_000);
    expect((await opening).live.missing()).toHaveLength(TEMPLATES.length);
  });

  it("are there but for the one that Twilio refuses to make", async () => {
    const stage = await startTemplates();
    const { live, log } = await stage.open({
      api: (real) => ({
        ...real,
        create: (payload) =>
          payload.friendly_name.startsWith("approval_tool_2_w") ? down() : real.create(payload),
      }),
    });
    expect(live.missing()).toEqual(["tool_2_warning"]);
    expect(log.entries.filter(({ level }) => level === "warn")).toHaveLength(1);
  });

  it("carry the id in their titles where asked for", async () => {
    const stage = await startTemplates();
    const { live } = await stage.open({ templates: TEMPLATES.map(withIdInTitles) });
    expect(live.missing()).toEqual([]);
    const titles = (await stage.real.list()).map(({ quickReply }) => quickReply?.actions[0]?.title);
    expect([titles[0], titles.at(-1)]).toEqual(["✅ Approve {{4}}", "Keep it open"]);
  });
});

describe("a template that is gone", () => {
  it("is not used until it was made again, at most once in some minutes", async () => {
    const stage = await startTemplates();
    const { live } = await stage.open();
    const [before] = sidsOf(live);
    await stage.remove(before);
    live.gone(before ?? "");
    live.gone("HX-of-a-question");
    expect(live.get("command")?.sid).toBeUndefined();
    expect(live.get("tool_1")?.sid).toBeDefined();
    await stage.clock.advance(LOOK_AGAIN_MS - 1);
    expect(stage.calls.filter((call) => call === "list")).toHaveLength(1);
    await stage.clock.advance(1);
    await expect.poll(() => live.get("command")?.sid).toMatch(/^HX/);
    expect(live.get("command")?.sid).not.toBe(before);
    expect(await stage.real.list()).toHaveLength(TEMPLATES.length);
  });

  it("is found by the daily look where nobody has used it", async () => {
    const stage = await startTemplates();
    const { live } = await stage.open();
    const [before] = sidsOf(live);
    await stage.remove(before);
    await aDayPasses(stage);
    await expect.poll(() => live.get("command")?.sid).not.toBe(before);
    await expect.poll(() => live.missing()).toEqual([]);
  });
});

describe("WhatsApp's approval", () => {
  it("switches at the start and with the daily look, and back when it is taken away", async () => {
    const stage = await startTemplates();
    let status: string | undefined;
    const { live } = await stage.open({
      api: (real) => ({
        ...real,
        approval: async (sid) => (status === undefined ? real.approval(sid) : { status }),
      }),
    });
    const inSession = sidsOf(live);
    await approve(stage.real);
    await aDayPasses(stage);
    await expect.poll(() => live.get("command")?.sid).not.toBe(inSession[0]);
    const contents = await stage.real.list();
    const approved = contents.find(
      ({ friendlyName }) => friendlyName === toApprovalContent(COMMAND).friendly_name,
    );
    await expect.poll(() => live.get("command")?.sid).toBe(approved?.sid);
    // It is of use inside the session only, and was not submitted.
    expect(live.get("keep_open")?.sid).toBe(inSession.at(-1));
    const next = await stage.open({ api: () => unreachable });
    await expect.poll(() => next.live.get("command")?.sid).toBe(approved?.sid);
    status = "paused";
    await aDayPasses(stage);
    await expect.poll(() => live.get("command")?.sid).toBe(inSession[0]);
  });
});

describe("a SID that an old .env names", () => {
  it("is used as long as its content fits, and the log says so once", async () => {
    const stage = await startTemplates();
    const copy = await stage.real.create({ ...toContent(COMMAND), friendly_name: "my_own_copy" });
    const { live, log } = await stage.open({ named: { TWILIO_CONTENT_SID: copy } });
    expect(live.get("command")?.sid).toBe(copy);
    await aDayPasses(stage);
    await expect.poll(() => stage.calls.filter((call) => call === "list")).toHaveLength(2);
    expect(log.entries.filter(({ message }) => message.includes("overrule"))).toMatchObject([
      { fields: { variables: ["TWILIO_CONTENT_SID"] } },
    ]);
    live.stop();
    // Nor is it forgotten when Twilio cannot be asked.
    expect((await stage.open({ api: () => unreachable })).live.get("command")?.sid).toBe(copy);
  });

  it.each([
    ["has other content", "other"],
    ["is no longer in the account", "gone"],
  ])("is not used when it %s, and the log says so once", async (_, kind) => {
    const stage = await startTemplates();
    const { types, ...rest } = toContent(COMMAND);
    const { body, actions } = types["twilio/quick-reply"];
    const other = { ...rest, types: { "twilio/quick-reply": { body: `${body} Old.`, actions } } };
    const sid = kind === "gone" ? `HX${"0".repeat(32)}` : await stage.real.create(other);
    const { live, log } = await stage.open({ named: { TWILIO_CONTENT_SID: sid } });
    expect(live.get("command")?.sid).toMatch(/^HX/);
    expect(live.get("command")?.sid).not.toBe(sid);
    expect(log.entries.filter(({ message }) => message.includes("Take them out of .env"))).toMatchObject([
      { fields: { variables: ["TWILIO_CONTENT_SID"] } },
    ]);
  });

  it("that setup-template has written keeps nothing from being switched to the approved one", async () => {
    const stage = await startTemplates();
    await ensureTemplates(stage.real, TEMPLATES);
    const [inSession] = await stage.real.list();
    await approve(stage.real);
    const { live, log } = await stage.open({ named: { TWILIO_CONTENT_SID: inSession?.sid ?? "" } });
    expect(live.get("command")?.sid).not.toBe(inSession?.sid);
    expect(log.text()).not.toContain("overrule");
  });

  it("is all that is known where Twilio was never reached, and not once Twilio has shown otherwise", async () => {
    const stage = await startTemplates();
    const sid = `HX${"1".repeat(32)}`;
    const named = { TWILIO_CONTENT_SID: sid };
    const blind = await stage.open({ named, api: () => unreachable });
    expect(blind.live.get("command")?.sid).toBe(sid);
    blind.live.stop();
    const refusing = await stage.open({ named, api: (real) => ({ ...real, create: down }) });
    expect(refusing.live.get("command")?.sid).toBeUndefined();
  });

  it("is of no use where titles carry the id", async () => {
    const stage = await startTemplates();
    const sid = await stage.real.create({ ...toContent(COMMAND), friendly_name: "my_own_copy" });
    const { live } = await stage.open({
      named: { TWILIO_CONTENT_SID: sid },
      templates: TEMPLATES.map(withIdInTitles),
    });
    expect(live.get("command")?.sid).not.toBe(sid);
  });
});
