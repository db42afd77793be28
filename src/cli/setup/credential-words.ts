// What is wrong with an account SID or an auth token, in words that tell what it is instead. Pure; never repeats a value.

const HEX_32 = /^[0-9a-f]{32}$/i;
const WHERE = "https://console.twilio.com shows both on its first page, under Account Info";

/** What a Twilio identifier with these two letters stands for. */
const KINDS: Readonly<Record<string, string>> = {
  SK: "the SID of an API key",
  PN: "the SID of a phone number",
  MG: "the SID of a messaging service",
  HX: "the SID of a template",
  XE: "the SID of a sender",
  VA: "the SID of a Verify service",
  US: "the SID of a user",
  OR: "the SID of an organization",
};

/** Of a text in place of the account SID; undefined when it has the right form. */
export function accountSidProblem(text: string): string | undefined {
  if (/^AC[0-9a-f]{32}$/i.test(text)) return undefined;
  const kind = KINDS[text.slice(0, 2).toUpperCase()];
  if (kind !== undefined && HEX_32.test(text.slice(2))) {
    return `This is ${kind}. The Account SID begins with AC: ${WHERE}.`;
  }
  if (HEX_32.test(text)) return `This looks like an auth token. The Account SID begins with AC: ${WHERE}.`;
  if (!/^AC/i.test(text)) return `An Account SID begins with AC: ${WHERE}.`;
  const length = text.length - 2;
  return length === 32
    ? "An Account SID has only the digits 0-9 and the letters a-f after AC. Copy it once more."
    : `An Account SID has 32 characters after AC, this one has ${length}. Copy it once more.`;
}

/** Of a text in place of the auth token, where its form alone tells; undefined when only Twilio can tell. */
export function authTokenProblem(text: string, accountSid: string): string | undefined {
  if (text === accountSid || /^AC[0-9a-f]{32}$/i.test(text)) {
    return `This is an Account SID, not the auth token. ${WHERE}; the token is behind "Show".`;
  }
  const kind = KINDS[text.slice(0, 2).toUpperCase()];
  if (kind !== undefined && HEX_32.test(text.slice(2))) {
    return `This is ${kind}, not the auth token. ${WHERE}; the token is behind "Show".`;
  }
  if (/[\s"'`]/.test(text)) return "An auth token has no blanks and no quotes in it. Copy it once more.";
  return undefined;
}

/** Of a token that Twilio has refused. @param account "AC…1111" */
export function refusedText(token: string, account: string): string {
  // Twilio writes tokens in small letters; the secrets of API keys mix both.
  if (/^[0-9a-f]{32}$/.test(token)) {
    return `Twilio refuses this token for account ${account}. It has the right form, so it is of another account or subaccount, or it was replaced since. Copy SID and token from the same page: ${WHERE}.`;
  }
  if (/^[0-9a-z]{32}$/i.test(token)) {
    return `Twilio refuses this token for account ${account}. It looks like the secret of an API key: an auth token has only the digits 0-9 and the small letters a-f. ${WHERE}.`;
  }
  return `Twilio refuses this token for account ${account}. An auth token has 32 characters, 0-9 and a-f; this one has ${token.length}. Copy it once more: ${WHERE}.`;
}

/** Of a token that opens another account that is known here. */
export function otherAccountText(account: string, other: string): string {
  return `This is the token of another account, ${other}, and not of ${account}. Copy SID and token from the same page: ${WHERE}.`;
}

/** Enough to recognise it by: "AC…1111". */
export function shortSid(sid: string): string {
  return `${sid.slice(0, 2)}…${sid.slice(-4)}`;
}
