// Words that Twilio answers itself: they reach no webhook, but they are in its list of messages. Never take one for a reply.

const RESERVED = /^(stop|stopall|unsubscribe|end|quit|cancel|revoke|optout|start|unstop)$/i;
const JOIN = /^join\s+[a-z]+-[a-z]+$/i;

/** Whether a phone joins the Sandbox with this text, which holds for three days. */
export function isJoin(text: string): boolean {
  return JOIN.test(text.trim());
}

/** Whether Twilio answers this text itself. */
export function isReserved(text: string): boolean {
  return isJoin(text) || RESERVED.test(text.trim());
}
