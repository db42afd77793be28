// What two people must not both be called, and what nobody may be called: a message names whoever has approved.

/** The same for names that a reader may take for one another. */
export function nameKey(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s._'@+-]+/g, " ")
    .trim();
}

const RESERVED =
  /^(?:the )?(?:policy|grant|session|claude|server|approval server|terminal|nobody|everybody)$/;

/** Whether a message would say with it what is not so: "approved by the policy". */
export function isReservedName(name: string): boolean {
  return RESERVED.test(nameKey(name));
}
