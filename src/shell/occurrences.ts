// Where words stand in a text, for many words and one text. The first few are looked for as they are; from then on the text is gone
// through once for each length that is asked for, not once for each word.

export interface Occurrences {
  /** Where a word begins, from the left, without those that overlap the one before. */
  placesOf(word: string): readonly number[];
  /** Whether it stands there twice or more, also overlapping. */
  isRepeated(word: string): boolean;
}

/** So many are looked for without a table. */
const FIRST_WORDS = 12;
/** More lengths than words of a sensible text have: each table costs memory of three times the text's. */
const MAX_LENGTHS = 64;
const BASE = 0x01000193;
const BITS = 14;

/** The places of all parts of one length, in chains of those that have the same hash. -1 ends a chain. */
interface Table {
  readonly first: Int32Array;
  readonly next: Int32Array;
}

/** @param text UTF-16 units count */
export function createOccurrences(text: string): Occurrences {
  const tables = new Map<number, Table>();
  let asked = 0;

  function tableFor({ length }: string): Table | undefined {
    const known = tables.get(length);
    if (known !== undefined) return known;
    asked += 1;
    if (asked <= FIRST_WORDS || tables.size >= MAX_LENGTHS || length > text.length) return undefined;
    const table = tableOf(text, length);
    tables.set(length, table);
    return table;
  }

  /** The next place from `at` on, or -1. */
  function createSearch(word: string): (at: number) => number {
    const table = tableFor(word);
    if (table === undefined) return (at) => text.indexOf(word, at);
    let place = table.first[bucketOf(hashOf(word, word.length))] ?? -1;
    return (at) => {
      while (place >= 0 && (place < at || !text.startsWith(word, place))) place = table.next[place] ?? -1;
      return place;
    };
  }

  return {
    placesOf(word) {
      const places: number[] = [];
      if (word === "") return places;
      const search = createSearch(word);
      for (let at = search(0); at >= 0; at = search(at + word.length)) places.push(at);
      return places;
    },
    isRepeated(word) {
      const search = createSearch(word);
      const first = search(0);
      return first >= 0 && search(first + 1) >= 0;
    },
  };
}

function tableOf(text: string, length: number): Table {
  const first = new Int32Array(1 << BITS).fill(-1);
  const last = new Int32Array(1 << BITS).fill(-1);
  const next = new Int32Array(text.length).fill(-1);
  let power = 1;
  for (let count = 0; count < length; count += 1) power = Math.imul(power, BASE);
  let hash = hashOf(text, length);
  for (let at = 0; at + length <= text.length; at += 1) {
    const bucket = bucketOf(hash);
    const before = last[bucket] ?? -1;
    if (before < 0) first[bucket] = at;
    else next[before] = at;
    last[bucket] = at;
    hash = (Math.imul(hash, BASE) + text.charCodeAt(at + length) - Math.imul(text.charCodeAt(at), power)) | 0;
  }
  return { first, next };
}

/** Of the first units of a text: such that the hash of a part follows from that of the part before. */
function hashOf(text: string, length: number): number {
  let hash = 0;
  for (let at = 0; at < length; at += 1) hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0;
  return hash;
}

function bucketOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - BITS);
}
