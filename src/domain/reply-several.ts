// One reply to several requests: "APPROVE kqmwa kqmwb", "yes kqmwa, kqmwb and kqmwc", "DENY ALL". Strict: a verb, and behind
// it nothing but ids, or nothing but ALL. Whether those ids wait is for the reader to see.

import { asciiLower, isMaybeStruck, readVerb, withoutMarksAfter } from "./reply-words.ts";
import { type ApprovalId, isApprovalId } from "./tool-call.ts";

export interface SeveralReply {
  readonly verb: "approve" | "deny";
  /** Each once, in the order in which they were written; `all`: what waits. */
  readonly ids: readonly ApprovalId[] | "all";
}

/** Far more than wait at once. What is longer is no list that somebody has typed. */
const MAX_LENGTH = 1_600;
const TOKEN = /[,;&+]|[^\s,;&+]+/gu;
const SEPARATORS = new Set([",", ";", "&", "+", "and"]);

/** Reads a list of ids, or ALL, behind a word that approves or denies; undefined for anything else, one id too. */
export function parseSeveral(text: string): SeveralReply | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const read = parseAll(text) ?? parseList(text);
  return read?.verb === "approve" && isMaybeStruck(text) ? undefined : read;
}

// Only marks may follow: "approve all but kqmwb", "deny all?" and "all of them" are something else.
function parseAll(text: string): SeveralReply | undefined {
  const [, said = "", all = ""] = /^([\s\S]*\S)\s+(\S+)$/u.exec(withoutMarksAfter(text.trim())) ?? [];
  return asciiLower(all) === "all" ? meant(said, "all") : undefined;
}

function parseList(text: string): SeveralReply | undefined {
  const tokens = [...text.matchAll(TOKEN)].map(({ 0: word, index }) => ({ word: asciiLower(word), index }));
  const isListed = ({ word }: { readonly word: string }) => SEPARATORS.has(word) || isApprovalId(word);
  const list = tokens.slice(tokens.findLastIndex((token) => !isListed(token)) + 1);
  const first = list.find(({ word }) => isApprovalId(word));
  const ids = list.map(({ word }) => word).filter(isApprovalId);
  const last = list.at(-1)?.word ?? "";
  if (first === undefined || ids.length < 2 || !isApprovalId(last)) return undefined;
  return meant(text.slice(0, first.index), [...new Set(ids)]);
}

function meant(said: string, ids: SeveralReply["ids"]): SeveralReply | undefined {
  const verb = readVerb(said)?.verb;
  // Session is offered, and shown, for one request at a time.
  return verb === undefined || verb === "session" ? undefined : { verb, ids };
}
