// Proves which process answers. Whoever asks the local listener and the public address with the same challenge learns whether
// both are one process, and nothing else: the key is made at the start, is used for nothing else, and is never shown.
import { createHmac, randomBytes } from "node:crypto";

/** What a challenge may look like: long enough to be nobody else's, short enough to be cheap. */
const CHALLENGE = /^[A-Za-z0-9_-]{22,64}$/;
const KEY_BYTES = 32;
const DOMAIN = "approval server, which process answers:";

/** @returns 64 hex digits; undefined for what is no challenge */
export type InstanceProof = (challenge: unknown) => string | undefined;

export function createInstanceProof(): InstanceProof {
  const key = randomBytes(KEY_BYTES);
  return (challenge) =>
    typeof challenge === "string" && CHALLENGE.test(challenge)
      ? createHmac("sha256", key).update(DOMAIN).update(challenge).digest("hex")
      : undefined;
}
