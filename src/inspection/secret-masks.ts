// Puts masks in the place of secrets.
import type { SecretFinding } from "./secret-findings.ts";
import { createOverlap } from "./spans.ts";

// Below this length the first characters would give away too much.
const MIN_LENGTH_FOR_HINT = 16;
const HINT = /^[A-Za-z0-9-]{1,4}/;

/** Of the server's own secrets not even the first characters are shown. */
export function withoutHints(
  findings: readonly SecretFinding[],
  ours: readonly SecretFinding[],
): readonly SecretFinding[] {
  if (ours.length === 0) return findings;
  const isOurs = createOverlap(ours.flatMap(({ parts }) => parts).sort((a, b) => a.start - b.start));
  return findings.map((finding) => (finding.parts.some(isOurs) ? { ...finding, prefixed: false } : finding));
}

/** Puts the masks in and adds to `secrets` what they stand for. Findings that overlap share the first one's mask. */
export function replaceSecrets(
  text: string,
  findings: readonly SecretFinding[],
  secrets: Set<string>,
): string {
  const places = findings
    .flatMap(({ parts, secret, prefixed }) => parts.map((part) => ({ ...part, secret, prefixed })))
    .sort((a, b) => a.start - b.start || b.end - a.end || Number(b.prefixed) - Number(a.prefixed));
  let shown = "";
  let done = 0;
  for (const { start, end, secret, prefixed } of places) {
    if (start >= done) {
      shown += text.slice(done, start) + maskOf(prefixed ? text.slice(start, end) : "");
      secrets.add(secret);
    }
    done = Math.max(done, end);
  }
  return shown + text.slice(done);
}

/** What stands in a secret's place: `[secret ghp…]`. Holds nothing that WhatsApp renders. */
function maskOf(secret: string): string {
  const hint = secret.length < MIN_LENGTH_FOR_HINT ? undefined : HINT.exec(secret)?.[0];
  return hint === undefined ? "[secret]" : `[secret ${hint}…]`;
}
