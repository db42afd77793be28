// How long a text is for a person. Counted without taking it apart: some are megabytes.

/** In characters; half of one counts as one. */
export function charactersIn(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length - 1; at += 1) {
    if ((text.charCodeAt(at) & 0xfc00) !== 0xd800 || (text.charCodeAt(at + 1) & 0xfc00) !== 0xdc00) continue;
    pairs += 1;
    at += 1;
  }
  return text.length - pairs;
}

/** Lines; what stands behind the last line break is one only where it is not empty. */
export function linesIn(text: string): number {
  let breaks = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) breaks += 1;
  return text === "" || text.endsWith("\n") ? breaks : breaks + 1;
}
