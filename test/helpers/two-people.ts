// Two people on Twilio's phone under `quorum: 2`, and what they do.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { ServerStage } from "./server-stage.ts";
import { temporaryFolder } from "./temporary.ts";

export const ADA = "+15005550006";
export const BOB = "+15005550009";

/** A call whose message has a warning. */
export const RISKY = {
  tool_name: "Bash",
  input: { command: "rm -rf ./build", description: "Delete the build" },
  tool_use_id: "toolu_1",
};

/** @returns the path of a policy.json that says this */
export function policyOf(content: object = { quorum: 2 }): string {
  const path = join(temporaryFolder(), "policy.json");
  writePolicy(path, content);
  return path;
}

export function writePolicy(path: string, content: object): void {
  writeFileSync(path, JSON.stringify({ version: 1, ...content }), { mode: 0o600 });
}

/** The settings of two numbers and two people. */
export const twoPeople = (path = policyOf()) => ({
  APPROVAL_POLICY: path,
  APPROVAL_PHONE: `${ADA},${BOB}`,
});

type Phones = Pick<ServerStage, "phone">;

const requestsTo = ({ phone }: Phones, to: string) =>
  phone.messages().filter((each) => each.phone === to && each.body.includes("*Request ID:*"));

/** The nth request on somebody's phone, from 0: its id and its text. */
export async function askedOn(stage: Phones, to: string = ADA, nth = 0) {
  await expect.poll(() => requestsTo(stage, to).length, { timeout: 20_000 }).toBeGreaterThan(nth);
  const message = requestsTo(stage, to)[nth];
  const id = /\*Request ID:\* (\w+)/.exec(message?.body ?? "")?.[1] ?? "none";
  return { id, sid: message?.sid ?? "", body: message?.body ?? "" };
}

/** Waits until somebody's phone was sent these words. */
export async function toldOn(stage: Phones, to: string, words: string): Promise<void> {
  const bodies = () =>
    stage.phone
      .messages()
      .filter((each) => each.phone === to && each.direction === "to-phone")
      .map(({ body }) => body);
  await expect.poll(bodies, { timeout: 20_000 }).toContainEqual(expect.stringContaining(words));
}

/** The first person approves, and both phones hear that one more is needed. */
export async function firstApproves(stage: Phones, id: string): Promise<void> {
  await stage.phone.type(`approve ${id}`, { from: ADA });
  await toldOn(stage, ADA, "1 of 2 has approved; one more is needed, and nothing has run");
  await toldOn(stage, BOB, "1 of 2 has approved; one more is needed");
}

export async function secondApproves(stage: Phones, id: string): Promise<void> {
  await stage.phone.type(`approve ${id}`, { from: BOB });
}
