// Remembers the answers about the texts that were asked about last, so that several askers cost one look. Bounded in
// number and in length: texts come from outside.

const MAX_TEXTS = 8;
/** UTF-16 units of all remembered texts together. */
const MAX_LENGTH = 1_000_000;

/** @param read must depend on nothing but the text, and must not throw */
export function createRecent<T>(read: (text: string) => T): (text: string) => T {
  /** The oldest first. */
  const answers = new Map<string, T>();
  let length = 0;

  function forget(text: string): void {
    if (answers.delete(text)) length -= text.length;
  }

  return (text) => {
    const answer = answers.has(text) ? (answers.get(text) as T) : read(text);
    forget(text);
    answers.set(text, answer);
    length += text.length;
    for (const oldest of answers.keys()) {
      if (answers.size === 1 || (answers.size <= MAX_TEXTS && length <= MAX_LENGTH)) break;
      forget(oldest);
    }
    return answer;
  };
}
