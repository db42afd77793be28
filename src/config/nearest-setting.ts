// Which setting a name that is none was meant to be.
import { distance } from "fastest-levenshtein";
import { VARIABLE_NAMES } from "./environment.ts";

/** Read by this package, though not from a settings file. */
export const OUTSIDE_NAMES: readonly string[] = ["APPROVAL_HOME"];
/** The template's own, and what older versions wrote beside it: they keep working. */
const TEMPLATE_NAME = /^TWILIO_CONTENT_SID(_[A-Z0-9]+)*$/;
const OWN_NAMES: readonly string[] = [...new Set([...VARIABLE_NAMES, "TWILIO_CONTENT_SID"])];

/** Names that others use for the same, in the form of `plain`. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  TWILIO_SID: "TWILIO_ACCOUNT_SID",
  ACCOUNT_SID: "TWILIO_ACCOUNT_SID",
  TWILIO_ACCOUNT: "TWILIO_ACCOUNT_SID",
  TWILIO_TOKEN: "TWILIO_AUTH_TOKEN",
  TWILIO_SECRET: "TWILIO_AUTH_TOKEN",
  TWILIO_PASSWORD: "TWILIO_AUTH_TOKEN",
  TWILIO_API_KEY: "TWILIO_API_KEY_SID",
  TWILIO_API_SECRET: "TWILIO_API_KEY_SECRET",
  TWILIO_FROM: "TWILIO_WHATSAPP_FROM",
  TWILIO_FROM_NUMBER: "TWILIO_WHATSAPP_FROM",
  TWILIO_NUMBER: "TWILIO_WHATSAPP_FROM",
  TWILIO_PHONE: "TWILIO_WHATSAPP_FROM",
  TWILIO_PHONE_NUMBER: "TWILIO_WHATSAPP_FROM",
  TWILIO_SENDER: "TWILIO_WHATSAPP_FROM",
  TWILIO_WHATSAPP_NUMBER: "TWILIO_WHATSAPP_FROM",
  TWILIO_WHATSAPP_SENDER: "TWILIO_WHATSAPP_FROM",
  WHATSAPP_FROM: "TWILIO_WHATSAPP_FROM",
  APPROVER: "APPROVAL_PHONE",
  PHONE: "APPROVAL_PHONE",
  PHONE_NUMBER: "APPROVAL_PHONE",
  MY_PHONE: "APPROVAL_PHONE",
  WHATSAPP_TO: "APPROVAL_PHONE",
  PORT: "SERVER_PORT",
  LOCAL_PORT: "SERVER_PORT",
  NGROK_TOKEN: "NGROK_AUTHTOKEN",
  NGROK_URL: "NGROK_DOMAIN",
  WEBHOOK_URL: "PUBLIC_URL",
  BASE_URL: "PUBLIC_URL",
  TIMEOUT: "APPROVAL_TIMEOUT_SECONDS",
  APPROVAL_TIMEOUT: "APPROVAL_TIMEOUT_SECONDS",
  DATABASE: "APPROVAL_DB",
  DATABASE_PATH: "APPROVAL_DB",
  POLICY: "APPROVAL_POLICY",
  TOOLS_FOLDER: "TOOLS_DIR",
  SCRIPTS_DIR: "TOOLS_DIR",
};

/** Whether something reads this name from a settings file. */
export function isSetting(name: string): boolean {
  return VARIABLE_NAMES.includes(name) || TEMPLATE_NAME.test(name);
}

/** The setting with nearly the same letters; undefined where none is near. */
export function nearestByLetters(name: string): string | undefined {
  const wanted = plain(name);
  if (isSetting(wanted) || OUTSIDE_NAMES.includes(wanted)) return wanted;
  const joined = wanted.replaceAll("_", "");
  const near = OWN_NAMES.map((each) => ({ each, far: distance(joined, each.replaceAll("_", "")) }))
    .sort((a, b) => a.far - b.far)
    .at(0);
  return near !== undefined && near.far <= tolerance(joined.length) ? near.each : undefined;
}

/** The setting that says the same in other words, or in more or fewer of them. */
export function nearestByWords(name: string): string | undefined {
  const wanted = plain(name);
  if (Object.hasOwn(OTHER_WORDS, wanted)) return OTHER_WORDS[wanted];
  const words = wanted.split("_");
  if (words.length < 2) return undefined;
  const shorter = OWN_NAMES.filter((each) => each.includes("_") && holds(words, each.split("_")));
  const longer = OWN_NAMES.filter((each) => holds(each.split("_"), words));
  return only(shorter, (a, b) => b.length - a.length) ?? only(longer, (a, b) => a.length - b.length);
}

/** How a setting's name would be written: upper case, words joined by one underscore. */
function plain(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
}

/** How many letters may differ. */
function tolerance(length: number): number {
  if (length < 5) return 1;
  return length < 12 ? 2 : 3;
}

const holds = (words: readonly string[], those: readonly string[]) =>
  those.every((word) => words.includes(word));

/** The first in this order; undefined where another one is as good. */
function only(names: readonly string[], order: (a: string, b: string) => number): string | undefined {
  const [first, second] = names.toSorted(order);
  return first === undefined || (second !== undefined && order(first, second) === 0) ? undefined : first;
}
