// What a script puts out, as far as it is kept: the beginning and the end, whatever its length.

/** Bytes that are kept of either end before anything is masked: no secret can be cut in two at the edge of what is shown. */
const KEPT = 256 * 1024;
/** Pieces in which the end may lie about before it is put together: each takes memory of its own. */
const MAX_PIECES = 4_096;
/** UTF-16 units that are returned: what Claude Code takes of one result, and not more. */
const MAX_HEAD = 16_000;
const MAX_TAIL = 48_000;

export interface KeptOutput {
  add(chunk: Buffer): void;
  /** @param mask takes the server's secrets out of a text */
  text(mask: (text: string) => string): string;
}

export function keepOutput(): KeptOutput {
  const head: Buffer[] = [];
  let headLength = 0;
  let tail: Buffer[] = [];
  let tailLength = 0;
  let total = 0;

  function gather(): Buffer {
    const whole = Buffer.concat(tail).subarray(-KEPT);
    tail = [whole];
    tailLength = whole.length;
    return whole;
  }

  return {
    add(chunk) {
      total += chunk.length;
      const forHead = chunk.subarray(0, Math.max(0, KEPT - headLength));
      if (forHead.length > 0) head.push(forHead);
      headLength += forHead.length;
      const forTail = chunk.subarray(forHead.length);
      if (forTail.length === 0) return;
      tail.push(forTail);
      tailLength += forTail.length;
      // Now and then only: a program that puts out letter by letter would have all of it copied for each.
      if (tailLength > 2 * KEPT || tail.length > MAX_PIECES) gather();
    },
    text(mask) {
      const first = Buffer.concat(head);
      const last = gather();
      const lost = total - first.length - last.length;
      if (lost === 0) return cut(mask(Buffer.concat([first, last]).toString("utf8")));
      const begin = mask(first.toString("utf8")).slice(0, MAX_HEAD);
      const end = mask(last.toString("utf8")).slice(-MAX_TAIL);
      return join(begin, end, `${total - Buffer.byteLength(begin) - Buffer.byteLength(end)} bytes`);
    },
  };
}

function cut(text: string): string {
  if (text.length <= MAX_HEAD + MAX_TAIL) return text;
  const left = text.length - MAX_HEAD - MAX_TAIL;
  return join(text.slice(0, MAX_HEAD), text.slice(-MAX_TAIL), `${left} characters`);
}

function join(begin: string, end: string, left: string): string {
  const whole = `${begin}\n[... about ${left} are left out here ...]\n${end}`;
  // A cut may have halved a character.
  return Buffer.from(whole).toString();
}
