// Lines out of chunks of bytes, in time that grows with their length and no faster, however small the chunks are.

export interface LineReader {
  /** @returns the lines that are whole now, without their ends; empty ones are left out */
  read(chunk: Buffer): readonly string[];
  /** Whether a line has grown beyond the limit: nothing more is read then. */
  isTooLong(): boolean;
}

const NEWLINE = 0x0a;

/** @param maxBytes of one line */
export function createLineReader(maxBytes: number): LineReader {
  let begun: Buffer[] = [];
  let size = 0;
  let tooLong = false;
  return {
    read(chunk) {
      const lines: string[] = [];
      for (let rest = chunk; !tooLong && rest.length > 0; ) {
        const end = rest.indexOf(NEWLINE);
        const part = end < 0 ? rest : rest.subarray(0, end);
        begun.push(part);
        size += part.length;
        tooLong = size > maxBytes;
        if (end < 0 || tooLong) break;
        const line = Buffer.concat(begun).toString("utf8").trim();
        if (line !== "") lines.push(line);
        begun = [];
        size = 0;
        rest = rest.subarray(end + 1);
      }
      if (tooLong) begun = [];
      return lines;
    },
    isTooLong: () => tooLong,
  };
}
