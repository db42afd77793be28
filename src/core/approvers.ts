// Who may approve, under which names: a number in either of its forms, and the id that WhatsApp gives a user who hides the
// number. An id is learned only from a reply that was verified and showed the number, and never for another number.

import { numbersIn } from "../domain/approver-places.ts";
import { phoneText } from "../domain/names.ts";
import { isSameNumber, isUserId, numberForms } from "../domain/phone-number.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { UserIdStore } from "./ports/user-id-store.ts";
import { isSealed, sealOf } from "./seal.ts";

/** Behind the country, whoever has the same digits may be the same person. */
const SAME_ENDING = 8;

export interface Approvers {
  readonly phones: readonly Phone[];
  /** Where those are told who are asked, or told, about a project. */
  phonesOf(project: string | undefined): readonly Phone[];
  /** Whether that phone is asked about a project's requests. */
  mayDecide(phone: Phone, project: string | undefined): boolean;
  /** As a message may call whose phone it is. */
  nameOf(phone: Phone): string | undefined;
  /** The address of a sender who is known, and only told. */
  onlyTold(sender: string): Phone | undefined;
  /** @param sender a number in E.164 form, or a user id. @returns whose it is, under the number that is configured. */
  find(sender: string): Phone | undefined;
  /** Whether that is no id that was learned: the channel does not prove whose such an id is. */
  isCertain(sender: string): boolean;
  /** Every number and id that one may write from. */
  sendersOf(phone: Phone): readonly string[];
  /** After a verified reply that showed the number. Never rejects. */
  learn(phone: Phone, userId: string): Promise<void>;
  /** When what was learned cannot be trusted. Never rejects. */
  forget(phone: Phone): Promise<void>;
  /** What the operator could do about a sender that is not known; undefined when nothing points to an approver. */
  adviceFor(sender: string): string | undefined;
}

export interface ApproversDeps {
  readonly phones: readonly Phone[];
  /** Ids that the operator has named: they are not learned. */
  readonly userIds: ReadonlyMap<Phone, string>;
  /** Whether a file has named everybody. Default: the setting has */
  readonly isClosed?: boolean | undefined;
  /** What only this server and its operator know: whoever can merely write to the database cannot add an id. */
  readonly secrets: readonly string[];
  readonly store: UserIdStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Reads what earlier runs have learned. Never rejects: without it, only hidden numbers are not recognised. */
export async function createApprovers(deps: ApproversDeps): Promise<Approvers> {
  const { phones, userIds: named, isClosed = false, secrets, store, clock, log } = deps;
  const learned = await readLearned(deps);
  const idOf = (phone: Phone) => named.get(phone) ?? learned.get(phone);
  const byNumber = (number: string) => phones.find((phone) => isSameNumber(phone, number));
  const byId = (id: string) => phones.find((phone) => idOf(phone) === id);

  return {
    phones,
    phonesOf: () => phones,
    mayDecide: () => true,
    nameOf: () => undefined,
    onlyTold: () => undefined,
    find: (sender) => byNumber(sender) ?? (isUserId(sender) ? byId(sender) : undefined),
    isCertain: (sender) => byNumber(sender) !== undefined || [...named.values()].includes(sender),
    sendersOf(phone) {
      const id = idOf(phone);
      return [...numberForms(phone), ...(id === undefined ? [] : [id])];
    },
    async learn(phone, userId) {
      if (!isUserId(userId) || named.has(phone) || learned.get(phone) === userId) return;
      if (byId(userId) !== undefined) {
        log.error(
          { phone: phoneText(phone), userId: phoneText(userId) },
          "a user id that belongs to another approver was not taken",
        );
        return;
      }
      learned.set(phone, userId);
      const seal = sealOf(secrets, sealedText(phone, userId));
      const known = { phone, userId, seal, learnedAt: clock.now() };
      await store.recordUserId(known).catch((error: unknown) => {
        log.error({ err: error }, "a user id could not be recorded; it is known until the server stops");
      });
      log.info(
        { phone: phoneText(phone), userId: phoneText(userId) },
        "WhatsApp's id of this user is known now",
      );
    },
    async forget(phone) {
      if (!learned.delete(phone)) return;
      await store.forgetUserId(phone).catch((error: unknown) => {
        log.error({ err: error }, "a user id could not be taken out of the record");
      });
    },
    adviceFor(sender) {
      if (isUserId(sender)) {
        return `it hides its number; if it is an approver's, have it write once with the number shown, or set ${idAdvice(isClosed)}`;
      }
      const alike = phones.find((phone) => phone.slice(-SAME_ENDING) === sender.slice(-SAME_ENDING));
      return alike === undefined
        ? undefined
        : `it ends like ${beginningOf(alike)}${phoneText(alike)}, but begins with ${beginningOf(sender)}: if it is the same phone, write it so in ${numbersIn({ isClosed })}`;
    },
  };
}

async function readLearned({ phones, secrets, store, log }: ApproversDeps): Promise<Map<Phone, string>> {
  const learned = new Map<Phone, string>();
  const rows = await store.userIds().catch((error: unknown) => {
    log.error({ err: error }, "the user ids of approvers could not be read");
    return [];
  });
  for (const row of rows) {
    const phone = phones.find((each) => isSameNumber(each, row.phone));
    if (phone === undefined) continue;
    if (isSealed(secrets, sealedText(row.phone, row.userId), row.seal)) learned.set(phone, row.userId);
    else
      log.warn(
        { phone: phoneText(phone), userId: phoneText(row.userId) },
        "a user id in the database was not written with this auth token and does not count",
      );
  }
  return learned;
}

/** How an id is named beside its number. */
function idAdvice(isClosed: boolean): string {
  const entry = "<number>=whatsapp:<id>";
  return isClosed ? `"${entry}" in ${numbersIn({ isClosed })}` : `${numbersIn({ isClosed })}=${entry}`;
}

function sealedText(phone: Phone, userId: string): string {
  return `approver user id\n${phone}\n${userId}`;
}

/** The country and no more: "+521". */
function beginningOf(number: string): string {
  return number.slice(0, Math.max(0, Math.min(4, number.length - SAME_ENDING)));
}
