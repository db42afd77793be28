// The code that binds an address, and what is kept of it: a salted hash.
import { scryptSync, timingSafeEqual } from "node:crypto";
import { newApprovalId } from "../domain/tool-call.ts";

const HASH_BYTES = 32;

/** What is known of a code: enough to recognise it, not enough to read it at a glance. */
export interface CodeHash {
  readonly salt: string;
  /** 64 hex digits. */
  readonly hash: string;
}

/** @param randomInt returns a uniform integer in [0, max): `crypto.randomInt` in production */
export function newPairingCode(randomInt: (max: number) => number): string {
  return newApprovalId(randomInt);
}

/** Slow on purpose: whoever sees a hash must not find its code in a moment. @param salt any text, new for each code */
export function hashOfCode(code: string, salt: string): CodeHash {
  return { salt, hash: scryptSync(code, salt, HASH_BYTES).toString("hex") };
}

export function isCode(code: string, { salt, hash }: CodeHash): boolean {
  const [given, known] = [hashOfCode(code, salt).hash, hash].map((text) => Buffer.from(text));
  return (
    given !== undefined &&
    known !== undefined &&
    given.length === known.length &&
    timingSafeEqual(given, known)
  );
}
