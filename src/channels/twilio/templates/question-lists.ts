// One-off Contents with a list to choose from: each is made for one question and deleted once that no longer needs
// an answer. What a crash left behind is recognised by its name and deleted at the next start.

import type { Log } from "../../../core/ports/log.ts";
import type { QuestionList } from "../../whatsapp-format/question-prompt.ts";
import { toDeliveryError } from "../error-advice.ts";
import type { LateClient } from "../late-client.ts";
import type { CreateRequest } from "./content-api.ts";

/** Nothing else at Twilio begins with it. */
export const LIST_NAME_PREFIX = "approval_question_";

/** At most 1000; further pages are followed. */
const PAGE_SIZE = 100;

/** Twilio may leave a Content's name out, against the SDK's types. */
function isOurs(name: string | null): boolean {
  return name?.startsWith(LIST_NAME_PREFIX) === true;
}

export interface QuestionLists {
  /**
   * Makes the list; it is deleted when the signal aborts.
   * @param name unique among the lists, e.g. the request's id
   * @returns the Content's SID; undefined when Twilio refuses it, for whatever reason
   */
  create(name: string, list: QuestionList, signal: AbortSignal): Promise<string | undefined>;
  /** Deletes what an earlier run left. Never rejects. */
  cleanUp(): Promise<void>;
  /** Resolves when nothing is being deleted. */
  idle(): Promise<void>;
}

export function createQuestionLists({ content }: Pick<LateClient, "content">, log: Log): QuestionLists {
  const { contents } = content.v1;
  const underWay = new Set<Promise<void>>();
  const own = new Set<string>();

  function remove(sid: string): Promise<void> {
    const work = contents(sid)
      .remove()
      .then(
        () => {},
        (error: unknown) => {
          log.warn({ err: toDeliveryError(error), sid }, "a question's list was not deleted at Twilio");
        },
      )
      .finally(() => {
        underWay.delete(work);
        own.delete(sid);
      });
    underWay.add(work);
    return work;
  }

  return {
    async create(name, { body, button, items }, signal) {
      // Snake case against the SDK's types: see content-api.ts.
      const payload = {
        friendly_name: `${LIST_NAME_PREFIX}${name}`,
        language: "en",
        variables: {},
        types: { "twilio/list-picker": { body, button, items } },
      };
      try {
        const { sid } = await contents.create(payload as unknown as CreateRequest);
        own.add(sid);
        if (signal.aborted) void remove(sid);
        else signal.addEventListener("abort", () => void remove(sid), { once: true });
        return sid;
      } catch (error) {
        log.warn(
          { err: toDeliveryError(error) },
          "Twilio did not take a question's list: it is sent as a plain message",
        );
        return undefined;
      }
    },
    async cleanUp() {
      try {
        const found = await contents.list({ pageSize: PAGE_SIZE });
        const left = found.filter(({ sid, friendlyName }) => isOurs(friendlyName) && !own.has(sid));
        await Promise.all(left.map(({ sid }) => remove(sid)));
      } catch (error) {
        log.warn({ err: toDeliveryError(error) }, "lists of the last run's questions could not be looked up");
      }
    },
    idle: async () => void (await Promise.all(underWay)),
  };
}
