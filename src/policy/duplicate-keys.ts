// Keys that stand twice in one object of a JSON text. JSON.parse keeps the last of them in silence: of two lists of rules
// the first, and what it denies, would never be read.

/** @param json valid JSON @returns each such key once, in the order of the text */
export function duplicateKeys(json: string): readonly string[] {
  const found = new Set<string>();
  const open: Set<string>[] = [];
  for (const [token, text, colon] of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (text !== undefined && colon !== undefined) {
      const key: string = JSON.parse(text);
      if (open.at(-1)?.has(key)) found.add(key);
      open.at(-1)?.add(key);
    }
  }
  return [...found];
}
