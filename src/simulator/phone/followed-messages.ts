// Messages of a platform that only says that something has changed: what is new or other than before.
import type { PhoneMessage } from "./phone-app.ts";

interface FollowDeps<Kept> {
  /** Replaced, never mutated. */
  readonly kept: () => readonly Kept[];
  readonly onChange: (listener: () => void) => () => void;
  readonly toMessage: (kept: Kept) => PhoneMessage;
}

export interface FollowedMessages {
  all(): readonly PhoneMessage[];
  find(sid: string): PhoneMessage | undefined;
  onMessage(listener: (message: PhoneMessage) => void): () => void;
}

export function followMessages<Kept extends object>(deps: FollowDeps<Kept>): FollowedMessages {
  const { kept, onChange, toMessage } = deps;
  /** Each is made once: who compares sees what has changed. */
  const made = new WeakMap<Kept, PhoneMessage>();
  const messageOf = (each: Kept): PhoneMessage => {
    const message = made.get(each) ?? toMessage(each);
    made.set(each, message);
    return message;
  };
  const all = () => kept().map(messageOf);
  return {
    all,
    find: (wanted) => all().find(({ sid }) => sid === wanted),
    onMessage(listener) {
      let before = new Set(all());
      return onChange(() => {
        const now = all();
        const news = now.filter((message) => !before.has(message));
        before = new Set(now);
        for (const message of news) listener(message);
      });
    },
  };
}
