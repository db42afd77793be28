// Which variables a text uses, gone through once however many names are asked for.

/** A name that is looked for is no longer. UTF-16 units. */
const MAX_NAME = 80;

/** @returns whether a text has `$name` or `${name` in it, perhaps as the start of a longer name */
export function usesIn(text: string): (name: string) => boolean {
  const uses = new Set<string>();
  for (let at = text.indexOf("$"); at >= 0; at = text.indexOf("$", at + 1)) {
    const start = text[at + 1] === "{" ? at + 2 : at + 1;
    uses.add(text.slice(start, start + MAX_NAME));
  }
  const sorted = [...uses].sort();
  return (name) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? "") < name) low = middle + 1;
      else high = middle;
    }
    return sorted[low]?.startsWith(name) === true;
  };
}
