// What a caller wants to do, exactly as it was handed over, and the names that everything else refers to it by.

/** Five letters a–z without l: short enough to type on a phone, never mistaken for a digit. */
export type ApprovalId = string & { readonly __brand: "ApprovalId" };

/** Where an approver is reached: a number in E.164 form, e.g. `+15005550006`, or an address of another channel (channel.ts). */
export type Phone = string & { readonly __brand: "Phone" };

/** Which entrance a request came in by; `phone`: a command from the phone itself. */
export type Door = (typeof DOORS)[number];

export const DOORS = ["mcp", "hook", "rest", "phone"] as const;

/** Who runs what is approved; absent where the caller does. `resumed`: Claude, whose run has ended, and that is started again. */
export type Executor = "server" | "resumed";

/** What the caller wants to do, exactly as it was handed over. */
export interface ToolCall {
  readonly toolName: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly toolUseId?: string | undefined;
}

const ID_LETTERS = "abcdefghijkmnopqrstuvwxyz";
const ID_LENGTH = 5;
const ID_PATTERN = new RegExp(`^[${ID_LETTERS}]{${ID_LENGTH}}$`);

/** Whether `text` has the form of a request id (lower case only). */
export function isApprovalId(text: string): text is ApprovalId {
  return ID_PATTERN.test(text);
}

/**
 * Builds an id from random numbers.
 * @param randomInt returns a uniform integer in [0, max): `crypto.randomInt` in production.
 */
export function newApprovalId(randomInt: (max: number) => number): ApprovalId {
  let id = "";
  for (let i = 0; i < ID_LENGTH; i += 1) id += ID_LETTERS[randomInt(ID_LETTERS.length)];
  return id as ApprovalId;
}
