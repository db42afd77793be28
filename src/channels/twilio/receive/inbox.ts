// What the phones have sent, read from Twilio's list of messages over the account's own credentials.
// Lets through only inbound messages of this account to this sender; whether their author may approve is checked later.
import { numberForms } from "../../../domain/phone-number.ts";
import type { Phone } from "../../../domain/tool-call.ts";
import { toDeliveryError } from "../error-advice.ts";

/** An inbound message. A tap has its button's title as text: the list knows neither buttons nor quotations. */
export interface InboxMessage {
  readonly id: string;
  readonly from: Phone;
  readonly text: string;
  /** By Twilio's clock, in whole seconds; epoch ms. */
  readonly at: number;
}

/** The part of the SDK's `client.messages` that is used here. */
export interface MessageListApi {
  page(params: {
    readonly from: string;
    readonly to: string;
    readonly dateSentAfter: Date;
    readonly pageSize: number;
  }): Promise<MessageListPage>;
  getPage(url: string): Promise<MessageListPage>;
}

interface MessageListPage {
  readonly instances: readonly {
    readonly sid: string;
    readonly accountSid: string;
    readonly direction: string;
    readonly from: string;
    readonly to: string;
    readonly body: string | null;
    readonly dateSent: Date | null;
    readonly dateCreated: Date | null;
  }[];
  readonly nextPageUrl?: string | undefined;
}

export interface Inbox {
  /**
   * What one phone has sent since a time (epoch ms), oldest first.
   * @param pageSize messages in one answer of Twilio's, 1000 at most; further pages are followed.
   * @throws DeliveryError when Twilio cannot be asked.
   */
  since(phone: Phone, at: number, pageSize?: number): Promise<readonly InboxMessage[]>;
}

export interface InboxDeps {
  readonly api: MessageListApi;
  readonly accountSid: string;
  /** Our sender with its `whatsapp:` prefix. */
  readonly from: string;
  /** Every number and user id that a phone may write from. Default: the number in its forms. */
  readonly sendersOf?: ((phone: Phone) => readonly string[]) | undefined;
}

/** The most that Twilio puts into one page. */
export const LARGEST_PAGE = 1000;
const PAGE_SIZE = 50;
/** Bounds what one reading may take, whatever Twilio answers. */
const MAX_PAGES = 20;

export function createInbox({ api, accountSid, from: sender, sendersOf = numberForms }: InboxDeps): Inbox {
  async function read(phone: Phone, from: string, at: number, pageSize: number): Promise<InboxMessage[]> {
    const found: InboxMessage[] = [];
    let page = await api.page({ from, to: sender, dateSentAfter: new Date(at), pageSize });
    for (let count = 1; ; count += 1) {
      for (const message of page.instances) {
        // Twilio has filtered already, but only what the answer itself says counts.
        const isOurs = message.accountSid === accountSid && message.direction === "inbound";
        if (!isOurs || message.to !== sender || message.from !== from) continue;
        // One without any time cannot be told from an old one: it is taken for that.
        const sentAt = (message.dateSent ?? message.dateCreated)?.getTime() ?? at;
        found.push({ id: message.sid, from: phone, text: message.body ?? "", at: sentAt });
      }
      if (!page.nextPageUrl || page.instances.length === 0 || count === MAX_PAGES) return found;
      page = await api.getPage(page.nextPageUrl);
    }
  }

  return {
    async since(phone, at, pageSize = PAGE_SIZE) {
      const found: InboxMessage[] = [];
      try {
        for (const from of sendersOf(phone)) {
          found.push(...(await read(phone, `whatsapp:${from}`, at, pageSize)));
        }
      } catch (error) {
        throw toDeliveryError(error);
      }
      // Twilio's filter may look at the date only, and not at the time. The newest come first.
      const recent = found.filter((message) => message.at >= at - 1_000).reverse();
      return recent.sort((one, other) => one.at - other.at);
    },
  };
}
