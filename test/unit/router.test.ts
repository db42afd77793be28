// Whom a request is for, in which order they are asked, and what happens when a way fails: over channels that are made up.
import { describe, expect, it } from "vitest";
import { createPeople } from "../../src/core/people.ts";
import type { NewEvent } from "../../src/core/ports/event-log.ts";
import type { AskOptions } from "../../src/core/ports/messenger.ts";
import { createRouter } from "../../src/core/router.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import { type ChannelName, channelOf } from "../../src/domain/channel.ts";
import type { SentMessage } from "../../src/domain/delivery.ts";
import { DeliveryError } from "../../src/domain/errors.ts";
import type { Person } from "../../src/domain/person.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

const NUMBER = "+15005550006" as Phone;
const CHAT = "telegram:7001" as Phone;
const AGENT = "whatsapp-agent:user:111" as Phone;
const OTHER = "telegram:7002" as Phone;
const REFUSED = new DeliveryError("It was refused.", "Do something.");
const ADA: Person = { name: "ada", role: "approve", addresses: [CHAT, NUMBER, AGENT] };
const BEN: Person = { name: "ben", role: "approve", addresses: [OTHER] };

/** `late`: refused once the test says so. */
type Answer = "taken" | "refused" | "hangs" | "late";

interface StageOptions {
  readonly people?: readonly Person[];
  readonly channels?: readonly ChannelName[];
  readonly afterMs?: number;
  readonly answers?: Partial<Record<Phone, Answer>>;
}

function stage({
  people: configured = [ADA],
  channels = ["whatsapp", "telegram", "whatsapp-agent"],
  afterMs = 60_000,
  answers = {},
}: StageOptions = {}) {
  const clock = createFakeClock();
  const asked: Phone[] = [];
  const told: Phone[] = [];
  const events: NewEvent[] = [];
  const ended = new AbortController();
  const hopeless: DeliveryError[] = [];
  const rendered: unknown[] = [];
  let refuseLate = () => {};
  const late = new Promise<void>((resolve) => {
    refuseLate = resolve;
  });
  const people = createPeople({ people: configured, channels });
  const channel = (name: ChannelName) => ({
    async ask(_request: ApprovalRequest, { to = [], onSent, onRefused, onRendered, signal }: AskOptions) {
      onRendered({ offersSession: name === "whatsapp", hidden: name === "telegram" ? 0 : 7 });
      const sent: SentMessage[] = [];
      for (const address of to) {
        asked.push(address);
        await Promise.resolve();
        const answer = answers[address] ?? "taken";
        if (answer === "hangs") await new Promise((_, reject) => signal.addEventListener("abort", reject));
        if (answer === "late") await late;
        if (answer === "refused" || answer === "late") {
          onRefused?.(address, REFUSED);
          continue;
        }
        const message = { messageId: `${address}/${asked.length}`, to: address, hasButtons: true };
        sent.push(message);
        onSent(message);
      }
      if (sent.length === 0) throw REFUSED;
      return sent;
    },
    async tell(to: Phone) {
      told.push(to);
      if (answers[to] === "refused") throw REFUSED;
      return `N${told.length}`;
    },
    more: async () => 0,
  });
  const log = createKeptLog();
  const waiting: boolean[] = [];
  const router = createRouter({
    channels: new Map(channels.map((name) => [name, channel(name)])),
    people,
    escalateAfterMs: afterMs,
    events: { note: async (event) => void events.push(event) },
    onChange: (hasWaiting) => void waiting.push(hasWaiting),
    onEnded: () => {},
    clock,
    log,
  });
  const sent: SentMessage[] = [];
  const request = { id: "kqmwa", project: "web-shop" } as unknown as ApprovalRequest;
  const ask = () =>
    router.ask(request, {
      signal: ended.signal,
      leftMs: () => 300_000,
      onRendered: (message) => void rendered.push(message),
      onSent: (message) => void sent.push(message),
      onHopeless: (error) => void hopeless.push(error),
    });
  const lose = (address: Phone) => router.lost?.(request.id, address, REFUSED);
  return {
    router,
    people,
    clock,
    ask,
    asked,
    told,
    events,
    ended,
    sent,
    hopeless,
    rendered,
    lose,
    waiting,
    refuseLate,
  };
}

describe("a request to a person with several addresses", () => {
  it("goes to the first one, in the order of the channels", async () => {
    const { ask, asked, clock } = stage();
    expect((await ask()).map(({ to }) => to)).toEqual([NUMBER]);
    await clock.advance(59_999);
    expect(asked).toEqual([NUMBER]);
  });

  it("goes on to the next one each time that nobody has answered for a while, and the record says so", async () => {
    const { ask, asked, clock, events } = stage();
    await ask();
    await clock.advance(60_000);
    expect(asked).toEqual([NUMBER, CHAT]);
    await clock.advance(60_000);
    expect(asked).toEqual([NUMBER, CHAT, AGENT]);
    await clock.advance(600_000);
    expect(asked).toHaveLength(3);
    expect(events.map(({ kind, requestId, data }) => [kind, requestId, data])).toEqual([
      ["rerouted", "kqmwa", { from: "whatsapp", to: "telegram", why: "nobody has answered" }],
      ["rerouted", "kqmwa", { from: "telegram", to: "whatsapp-agent", why: "nobody has answered" }],
    ]);
  });

  it("goes to all of them at once where no time is given", async () => {
    const { ask, sent } = stage({ afterMs: 0 });
    await ask();
    expect(sent.map(({ to }) => to).sort()).toEqual([NUMBER, CHAT, AGENT].sort());
  });

  it("goes nowhere else once it has ended", async () => {
    const { ask, asked, clock, ended } = stage();
    await ask();
    ended.abort();
    await clock.advance(600_000);
    expect(asked).toEqual([NUMBER]);
    expect(clock.pending()).toBe(0);
  });

  it("goes on at once from one that refuses it, with the reason in the record", async () => {
    const { ask, asked, events } = stage({ answers: { [NUMBER]: "refused", [CHAT]: "refused" } });
    expect((await ask()).map(({ to }) => to)).toEqual([AGENT]);
    expect(asked).toEqual([NUMBER, CHAT, AGENT]);
    expect(events.map(({ data }) => data["why"])).toEqual(["It was refused.", "It was refused."]);
  });

  it("fails with the last reason where each of them refuses it", async () => {
    const { ask, clock } = stage({ answers: { [NUMBER]: "refused", [CHAT]: "refused", [AGENT]: "refused" } });
    await expect(ask()).rejects.toBe(REFUSED);
    expect(clock.pending()).toBe(0);
  });

  it("does not wait for one that hangs", async () => {
    const { ask, asked, sent, clock, ended } = stage({ answers: { [NUMBER]: "hangs" } });
    const asking = ask();
    await clock.advance(60_000);
    expect(asked).toEqual([NUMBER, CHAT]);
    expect(sent.map(({ to }) => to)).toEqual([CHAT]);
    ended.abort();
    await expect(asking).rejects.toThrow();
  });

  it("shows the least of what its messages show, and Session only where each offers it", async () => {
    const { ask, rendered, clock } = stage();
    await ask();
    await clock.advance(60_000);
    expect(rendered).toEqual([
      { offersSession: true, hidden: 7 },
      { offersSession: false, hidden: 7 },
    ]);
  });
});

describe("the channels that a request was sent over", () => {
  const over = ({ router }: ReturnType<typeof stage>) =>
    router.over?.({ id: "kqmwa", project: "web-shop" } as unknown as ApprovalRequest);

  it("are, before it is sent, those that it goes to first", () => {
    expect(over(stage())).toEqual(["whatsapp"]);
    expect(over(stage({ channels: ["telegram", "whatsapp"] }))).toEqual(["telegram"]);
    expect(over(stage({ people: [{ ...ADA, addresses: [AGENT] }, BEN] }))).toEqual([
      ...["whatsapp-agent", "telegram"],
    ]);
    expect(over(stage({ afterMs: 0 }))).toEqual(["whatsapp", "telegram", "whatsapp-agent"]);
    expect(over(stage({ people: [] }))).toEqual([]);
  });

  it("are one more each time that it goes on because nobody has answered", async () => {
    const world = stage();
    await world.ask();
    expect(over(world)).toEqual(["whatsapp"]);
    await world.clock.advance(60_000);
    expect(over(world)).toEqual(["whatsapp", "telegram"]);
  });

  it("are not those that have refused it, nor those that have lost it", async () => {
    const world = stage({ answers: { [NUMBER]: "refused" } });
    await world.ask();
    expect(over(world)).toEqual(["telegram"]);
    world.lose(CHAT);
    await world.clock.advance(0);
    expect(over(world)).toEqual(["whatsapp-agent"]);
  });

  it("are not one that hangs, once another one has taken it", async () => {
    const world = stage({ answers: { [CHAT]: "hangs" } });
    await world.ask();
    const asking = world.clock.advance(60_000);
    await asking;
    expect(world.asked).toEqual([NUMBER, CHAT]);
    expect(over(world)).toEqual(["whatsapp"]);
    world.ended.abort();
  });
});

describe("a message that was taken and then lost", () => {
  it("is followed by the next address, at once and once", async () => {
    const { ask, asked, lose, clock, hopeless } = stage({ afterMs: 3_600_000 });
    await ask();
    expect(lose(NUMBER)).toBe(true);
    await clock.advance(0);
    expect(asked).toEqual([NUMBER, CHAT]);
    expect(lose(NUMBER)).toBe(true);
    await clock.advance(600_000);
    expect(asked).toEqual([NUMBER, CHAT]);
    expect(hopeless).toEqual([]);
  });

  it("in part, while the rest is under way and then refused, is followed by one address, not by two", async () => {
    const { ask, asked, lose, clock, refuseLate } = stage({ answers: { [NUMBER]: "late" } });
    const asking = ask();
    expect(lose(NUMBER)).toBe(true);
    refuseLate();
    await clock.advance(0);
    await asking;
    expect(asked).toEqual([NUMBER, CHAT]);
  });

  it("on the last address leaves nothing to hope for", async () => {
    const { ask, lose } = stage({ people: [BEN] });
    await ask();
    expect(lose(OTHER)).toBe(false);
  });

  it("while the next one refuses it ends the request", async () => {
    const people = [{ ...ADA, addresses: [NUMBER, CHAT] }];
    const { ask, lose, clock, hopeless } = stage({ people, answers: { [CHAT]: "refused" } });
    await ask();
    expect(lose(NUMBER)).toBe(true);
    await clock.advance(0);
    expect(hopeless).toEqual([REFUSED]);
  });

  it("does not end it while another person has it", async () => {
    const { ask, lose } = stage({ people: [{ ...ADA, addresses: [NUMBER] }, BEN] });
    await ask();
    expect(lose(NUMBER)).toBe(true);
    expect(lose(OTHER)).toBe(false);
  });

  it("of a request that nobody asks about any more changes nothing", () => {
    expect(stage().lose(NUMBER)).toBe(false);
  });
});

describe("the next question of a request", () => {
  it("begins where the last one was tried and did not fail", async () => {
    const { ask, asked } = stage({ answers: { [NUMBER]: "refused" } });
    await ask();
    expect(asked).toEqual([NUMBER, CHAT]);
    await ask();
    expect(asked).toEqual([NUMBER, CHAT, CHAT]);
  });
});

describe("who is asked", () => {
  it("is not whoever may only be told, or is not for the project", async () => {
    const people: readonly Person[] = [
      { ...ADA, addresses: [NUMBER], projects: ["other"] },
      { name: "eve", role: "notify", addresses: [CHAT] },
      BEN,
    ];
    const { ask, asked, people: all } = stage({ people });
    await ask();
    expect(asked).toEqual([OTHER]);
    expect([NUMBER, CHAT, OTHER, AGENT].map((address) => all.mayApprove(address))).toEqual([
      ...[true, false, true, false],
    ]);
    expect(all.toTell()).toEqual([NUMBER, CHAT, OTHER]);
  });

  it("is nobody on a channel that is not used", async () => {
    const { ask, people } = stage({ channels: ["whatsapp"], people: [BEN] });
    await expect(ask()).rejects.toThrow("Nobody can be asked.");
    expect(people.mayApprove(OTHER)).toBe(false);
  });

  it("changes with each address that is bound or lost", async () => {
    const { people } = stage({ people: [{ ...ADA, addresses: [NUMBER] }] });
    people.bind(CHAT, "ada");
    people.bind(OTHER, "new");
    expect(people.all().map(({ name, addresses }) => [name, addresses])).toEqual([
      ["ada", [NUMBER, CHAT]],
      ["new", [OTHER]],
    ]);
    people.bind(CHAT, "new");
    expect(people.personOf(CHAT)?.name).toBe("new");
    people.unbind(CHAT);
    people.unbind(OTHER);
    expect(people.all().map(({ name }) => name)).toEqual(["ada"]);
    expect([CHAT, OTHER].some((address) => people.mayApprove(address))).toBe(false);
  });
});

describe("what is told", () => {
  it("goes to the person's next address where the first one refuses it", async () => {
    const { router, told } = stage({ answers: { [NUMBER]: "refused" } });
    await router.tell(NUMBER, { kind: "help" });
    expect(told).toEqual([NUMBER, CHAT]);
  });

  it("fails with the first reason where each refuses it, and never goes to somebody else", async () => {
    const refused = { [NUMBER]: "refused", [CHAT]: "refused", [AGENT]: "refused" } as const;
    const { router, told } = stage({ people: [ADA, BEN], answers: refused });
    await expect(router.tell(NUMBER, { kind: "help" })).rejects.toBe(REFUSED);
    expect(told.map(channelOf)).toEqual(["whatsapp", "telegram", "whatsapp-agent"]);
  });
});
