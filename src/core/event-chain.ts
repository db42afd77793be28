// The chain of the event log: what an entry's hash covers, and the seal over the newest one. Whoever changes an entry breaks its
// hash; whoever computes the hashes anew cannot make the seal.
import { hash as digest } from "node:crypto";
import type { EventKind } from "../domain/audit-event.ts";
import { isSealed, sealOf } from "./seal.ts";

/** What the head is sealed with, as a person is told. */
export const SEAL_SECRET = "TWILIO_AUTH_TOKEN (without Twilio: the key or token of the channel)";

/** What stands before the first entry. */
export const GENESIS = "0".repeat(64);
/** A hash that entries of this form have, and no other text. */
const LABEL = "approval-server event 1";
const HEAD_LABEL = "approval-server event head 1";

export interface LogHead {
  readonly seq: number;
  /** 64 hex digits. */
  readonly hash: string;
}

/** An entry as it stands in the table: its data as text, because the hash covers that text. */
export interface StoredEvent extends LogHead {
  /** When it was written, epoch ms. */
  readonly at: number;
  readonly kind: EventKind;
  readonly request: string | null;
  /** JSON, letters of ASCII only. */
  readonly data: string;
  /** The hash of the entry before it. */
  readonly prev: string;
}

/** Of everything in an entry but itself: with the length of each text, so that none can run over into the next one. */
export function hashOf({ seq, at, kind, request, data, prev }: Omit<StoredEvent, "hash">): string {
  const lengths = `${kind.length} ${request === null ? -1 : request.length} ${prev.length}`;
  return digest("sha256", `${LABEL} ${seq} ${at} ${lengths} ${kind}${request ?? ""}${prev}${data}`, "hex");
}

/**
 * JSON of ASCII letters: what is no letter is written as an escape, so that a changed byte is never read as the one that was there,
 * and SQLite keeps every text as it is.
 */
export function asciiJson(data: object): string {
  return JSON.stringify(data).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** @param secrets see seal.ts; none: there is no seal. @returns 64 hex digits, or nothing */
export function sealOfHead(secrets: readonly string[], { seq, hash }: LogHead): string {
  return secrets.length === 0 ? "" : sealOf(secrets, headText(seq, hash));
}

export function isSealedHead(secrets: readonly string[], { seq, hash }: LogHead, seal: string): boolean {
  return isSealed(secrets, headText(seq, hash), seal);
}

function headText(seq: number, hash: string): string {
  return JSON.stringify([HEAD_LABEL, seq, hash]);
}
