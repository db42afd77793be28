// Words that Twilio keeps to itself: they reach no webhook, but the list of messages has them. They are never replies.

const KEPT = /^(stop|stopall|unsubscribe|end|quit|cancel|revoke|optout|start|unstop)$/i;
const JOIN = /^join\s+[a-z]+-[a-z]+$/i;

/** Whether a phone joins the Sandbox with this text, which holds for three days. */
export function isJoin(text: string): boolean {
  return JOIN.test(text.trim());
}

/** Whether Twilio answers this text itself. */
export function isKeptByTwilio(text: string): boolean {
  return isJoin(text) || KEPT.test(text.trim());
}
