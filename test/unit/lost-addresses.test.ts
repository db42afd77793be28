// An address that its platform refuses for good: unbound, and told to whoever can still be told.
import { expect, it } from "vitest";
import { createLostAddresses } from "../../src/core/lost-addresses.ts";
import type { Notice } from "../../src/domain/notice.ts";
import { noticeLines } from "../../src/domain/notice-lines.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { peopleAt } from "../helpers/people.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

const LOST = "telegram:7001" as Phone;
const OTHER = "whatsapp-agent:user:111" as Phone;
const THIRD = "+15005550006" as Phone;

function stage() {
  const people = peopleAt(LOST, OTHER, THIRD);
  const told: [Phone, Notice][] = [];
  const log = createKeptLog();
  const lost = createLostAddresses({
    people,
    bindings: { unbind: async (address) => people.unbind(address) },
    messenger: {
      async tell(to, notice) {
        if (to === OTHER) throw new Error("not reached");
        return `N${told.push([to, notice])}`;
      },
    },
    log,
  });
  return { people, told, log, lost };
}

it("is said to everybody else once, also where one of them cannot be reached", async () => {
  const { people, told, lost, log } = stage();
  await lost.lose(LOST, "it has blocked the bot");
  await lost.lose(LOST, "it has blocked the bot");
  expect(people.mayApprove(LOST)).toBe(false);
  expect(told).toEqual([
    [THIRD, { kind: "approver-lost", channel: "Telegram", person: LOST, why: "it has blocked the bot" }],
  ]);
  expect(log.text()).toContain("a phone could not be told of a lost address");
  expect(JSON.stringify(noticeLines(told[0]?.[1] as Notice))).toContain("gets no more requests or news");
});

it("is listed until it is bound again", async () => {
  const { people, lost } = stage();
  await lost.lose(LOST, "it is gone");
  expect(lost.list()).toEqual([{ channel: "telegram", person: LOST, why: "it is gone" }]);
  people.bind(LOST, "ada");
  expect(lost.list()).toEqual([]);
});

it("says nothing of one that nobody was bound to", async () => {
  const { told, lost } = stage();
  await lost.lose("telegram:9" as Phone, "it is gone");
  expect([told, lost.list()]).toEqual([[], []]);
});
