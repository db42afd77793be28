// Sifting many words at once: never sifts out one that the text holds.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSieve } from "../../src/inspection/sieve.ts";

const letters = fc.string({ unit: fc.constantFrom("a", "b", "c", "ä", "\u{1f600}", "\uffff", "\0") });

describe("a sieve", () => {
  it("keeps every word that a text holds, wherever it stands and whatever letters it has", () => {
    fc.assert(
      fc.property(
        fc.array(letters.filter((word) => word !== "")),
        letters,
        letters,
        (words, before, after) => {
          const sieve = createSieve(words);
          for (const word of words) expect(sieve(before + word + after)).toContain(word);
        },
      ),
    );
  });

  it("sifts out the words whose beginning a text has nowhere", () => {
    const sieve = createSieve(["secret-one", "secret-two", "another-one"]);
    expect([...sieve("ls -la /etc")]).toEqual([]);
    expect([...sieve("echo anot")]).toEqual(["another-one"]);
  });
});
