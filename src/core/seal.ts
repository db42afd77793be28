// The seal over a row of the database: whoever can merely write there cannot add a row that counts, nor change one.
import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * With the first one: the others are older, or of the same account. Without a secret it is a seal that never counts.
 * @param secrets what only this server and its operator know
 * @param text what the row says, begun with what kind of row it is: no seal is one of another kind
 * @returns 64 hex digits
 */
export function sealOf(secrets: readonly string[], text: string): string {
  return sealWith(secrets[0] ?? "", text);
}

/** Whether this server has written it so, with one of its present secrets. */
export function isSealed(secrets: readonly string[], text: string, seal: string): boolean {
  const given = Buffer.from(seal);
  return secrets.some((secret) => {
    const own = Buffer.from(sealWith(secret, text));
    return secret !== "" && own.length === given.length && timingSafeEqual(own, given);
  });
}

function sealWith(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}
