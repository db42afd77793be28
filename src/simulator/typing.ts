// Whose phone is told that somebody is typing. WhatsApp shows it for 25 seconds, or until a message comes.

/** How long the sign is shown, ms. Source: WhatsApp's typing indicators. */
export const TYPING_MS = 25_000;

export type Typing = ReturnType<typeof createTyping>;

export function createTyping() {
  const listeners = new Set<(phone: string) => void>();
  return {
    /** @param phone E.164 */
    show(phone: string): void {
      for (const listener of [...listeners]) listener(phone);
    },
    /** Calls `listener` with each phone until the returned function is called. */
    onTyping(listener: (phone: string) => void): () => void {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
