// The name of the token that a local request came with: set where tokens are checked, read at the doors.
const REQUESTER = "approvalRequester";

/** An Express response. */
interface Located {
  readonly locals?: Record<string, unknown> | undefined;
}

/** @returns undefined where no named token was shown */
export function requesterOf(res: object): string | undefined {
  const name: unknown = (res as Located).locals?.[REQUESTER];
  return typeof name === "string" ? name : undefined;
}

export function setRequester(res: { readonly locals: Record<string, unknown> }, name: string): void {
  res.locals[REQUESTER] = name;
}
