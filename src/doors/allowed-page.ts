// Whether a request comes from a web page that ALLOWED_ORIGINS names: set where origins are checked, read at the doors.
const ALLOWED = "approvalAllowedPage";

/** An Express response. */
interface PageResponse {
  readonly locals?: Record<string, unknown> | undefined;
}

export function isAllowedPage(res: object): boolean {
  return (res as PageResponse).locals?.[ALLOWED] === true;
}

export function setAllowedPage(res: { readonly locals: Record<string, unknown> }): void {
  res.locals[ALLOWED] = true;
}
