// Twilio's error codes in plain words: what happened, and what the person can do about it. Data only.
// Source: https://www.twilio.com/docs/api/errors; only codes that WhatsApp messaging and the Content API can produce.

import { NUMBERS_IN_EITHER } from "../../domain/approver-places.ts";
import { ownCommand } from "../../domain/own-command.ts";

/** Both are whole sentences. */
export interface Advice {
  readonly message: string;
  readonly advice: string;
}

const CREDENTIALS: Advice = {
  message: "Twilio did not accept the credentials: account SID and token do not match.",
  advice:
    "Copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN again from Twilio Console → Account Info; the secret of an API key is not the auth token.",
};
const BAD_PHONE: Advice = {
  message: `The approver's number (${NUMBERS_IN_EITHER}) is not a valid mobile number.`,
  advice: "Write it as +<country code><number>, for example +15005550006.",
};
const NO_WHATSAPP: Advice = {
  message: "This number has no WhatsApp.",
  advice: `Check the number (${NUMBERS_IN_EITHER}), or install WhatsApp on that phone.`,
};
const NO_SENDER: Advice = {
  message: "This Twilio account has no WhatsApp sender with the number in TWILIO_WHATSAPP_FROM.",
  advice: "Use the Sandbox (whatsapp:+14155238886) or a sender from Twilio Console → Messaging → Senders.",
};
const TEMPLATE_GONE: Advice = {
  message: "The WhatsApp template does not exist in this Twilio account.",
  advice: `The server finds or makes it again within minutes; if it does not, run ${ownCommand("setup-template")}.`,
};
const VARIABLE_REFUSED: Advice = {
  message: "Twilio refused a value in the message.",
  advice: "Make the call simpler or run it at the terminal, and report what caused it.",
};
const TEMPLATE_BROKEN: Advice = {
  message: "The WhatsApp template and the message do not fit together.",
  advice: `Run ${ownCommand("setup-template")}, then restart the server.`,
};
const TOO_FAST: Advice = {
  message: "Too many messages were sent in a short time.",
  advice: "Wait a minute, then try again; the Sandbox takes one message every 3 seconds.",
};
const TWILIO_TROUBLE: Advice = {
  message: "Twilio has a problem of its own.",
  advice: "Try again in a minute; https://status.twilio.com shows disturbances.",
};
const CHANNEL_TROUBLE: Advice = {
  message: "WhatsApp did not take the message because of a problem of its own.",
  advice: "Try again in a minute; https://metastatus.com shows WhatsApp's disturbances.",
};
const BLOCKED: Advice = {
  message: "The phone has blocked this sender.",
  advice: "Unblock the number in WhatsApp on that phone, then send it any message.",
};
const ACCOUNT_LOCKED: Advice = {
  message: "Meta has locked or restricted the WhatsApp Business Account.",
  advice: "Open Meta Business Manager and settle what it reports, then try again.",
};
const PHONE_OFF: Advice = {
  message: "The phone cannot be reached.",
  advice: `Check that it is switched on and online, and that its number is right (${NUMBERS_IN_EITHER}).`,
};

export const BAD_CREDENTIALS = 20003;
export const TOO_MANY_REQUESTS = 20429;
export const INTERNAL_ERROR = 20500;

export const ADVICE_BY_CODE: ReadonlyMap<number, Advice> = new Map<number, Advice>([
  [14107, TOO_FAST],
  [BAD_CREDENTIALS, CREDENTIALS],
  [
    20404,
    {
      message: "Twilio did not find what was asked for.",
      advice: `Check TWILIO_ACCOUNT_SID; if a template is meant, run ${ownCommand("setup-template")}.`,
    },
  ],
  [
    TOO_MANY_REQUESTS,
    {
      message: "Twilio takes no more requests from this account for a moment.",
      advice: "Wait a minute, then try again.",
    },
  ],
  [INTERNAL_ERROR, TWILIO_TROUBLE],
  [20503, TWILIO_TROUBLE],
  [21211, BAD_PHONE],
  [21212, NO_SENDER],
  [21606, NO_SENDER],
  [
    21608,
    {
      message: "A trial account may only write to verified numbers.",
      advice:
        "Verify the phone in Twilio Console → Phone Numbers → Verified Caller IDs, or upgrade the account.",
    },
  ],
  [
    21609,
    {
      message: "Twilio refused the address for delivery reports.",
      advice: "Set PUBLIC_URL to a public https address without an underscore in its host name.",
    },
  ],
  [
    21610,
    {
      message: "The phone has unsubscribed: it sent STOP.",
      advice: "Send START from the phone to the WhatsApp number in TWILIO_WHATSAPP_FROM.",
    },
  ],
  [21614, BAD_PHONE],
  [
    21617,
    {
      message: "The message is longer than 1600 characters.",
      advice: "Make the call shorter, or run it at the terminal.",
    },
  ],
  [21655, TEMPLATE_GONE],
  [21656, VARIABLE_REFUSED],
  [21658, VARIABLE_REFUSED],
  [30001, TOO_FAST],
  [
    30002,
    {
      message: "The Twilio account is suspended.",
      advice: "Open Twilio Console and settle what it reports: usually the balance.",
    },
  ],
  [30003, PHONE_OFF],
  [30005, PHONE_OFF],
  [
    30036,
    {
      message: "The message waited at Twilio until the request had expired.",
      advice: "Try again; https://status.twilio.com shows disturbances.",
    },
  ],
  [63001, NO_SENDER],
  [63002, NO_SENDER],
  [63003, NO_WHATSAPP],
  [63005, TEMPLATE_BROKEN],
  [63006, TEMPLATE_BROKEN],
  [63007, NO_SENDER],
  [63009, CHANNEL_TROUBLE],
  [63010, TWILIO_TROUBLE],
  [63012, CHANNEL_TROUBLE],
  [63013, ACCOUNT_LOCKED],
  [63014, BLOCKED],
  [
    63015,
    {
      message: "The phone has not joined the WhatsApp Sandbox, or its 3 days have run out.",
      advice:
        "Send join <two words> from the phone to +1 415 523 8886; Twilio Console → Messaging → Try it out shows the words.",
    },
  ],
  [
    63016,
    {
      message: "The 24-hour session with the phone is closed.",
      advice: `Send any message from the phone to the WhatsApp number in TWILIO_WHATSAPP_FROM, or get the templates approved: ${ownCommand("setup-template --submit")}.`,
    },
  ],
  [63017, TOO_FAST],
  [63018, TOO_FAST],
  [63020, ACCOUNT_LOCKED],
  [
    63021,
    {
      message: "WhatsApp refused the content of the message.",
      advice:
        "Make the call shorter, or run it at the terminal: most often the message is over 1024 characters.",
    },
  ],
  [63024, NO_WHATSAPP],
  [63027, TEMPLATE_GONE],
  [63028, TEMPLATE_BROKEN],
  [
    63031,
    {
      message: "The approver's number and TWILIO_WHATSAPP_FROM are the same.",
      advice: `Write the number of the person who approves (${NUMBERS_IN_EITHER}).`,
    },
  ],
  [
    63032,
    {
      message: "WhatsApp does not let this sender write to this person at present.",
      advice:
        "Send any message from the phone to the WhatsApp number in TWILIO_WHATSAPP_FROM, then try again.",
    },
  ],
  [63033, BLOCKED],
  [
    63038,
    {
      message: "The account has sent as many messages as it may in a day (a trial: 50).",
      advice: "Wait until tomorrow, or upgrade the account in Twilio Console.",
    },
  ],
  [
    63040,
    {
      message: "WhatsApp has rejected the template.",
      advice:
        "Twilio Console → Content Template Builder shows why; change template_config.json and submit again.",
    },
  ],
  [
    63041,
    {
      message: "WhatsApp has paused the template.",
      advice: "Send any message from the phone first: inside the session no approval is needed.",
    },
  ],
  [
    63042,
    {
      message: "WhatsApp has disabled the template.",
      advice: `Change the text in template_config.json, then run ${ownCommand("setup-template")}.`,
    },
  ],
  [63051, ACCOUNT_LOCKED],
  [92006, TEMPLATE_GONE],
  [92007, VARIABLE_REFUSED],
]);
