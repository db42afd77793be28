// What is kept of a parked request, and the seal over it: whoever can merely write to the database cannot lead an approval to
// another session, folder or call.
import { createHash } from "node:crypto";
import { z } from "zod";
import type { KeptParked, ParkedRow } from "../core/ports/parked-store.ts";
import { isSealed, sealOf } from "../core/seal.ts";
import type { ApprovalRequest } from "../domain/approval.ts";
import { isSessionId, isToolUseId } from "../domain/parking.ts";
import type { ApprovalId } from "../domain/tool-call.ts";

const body = z.object({
  toolName: z.string(),
  toolUseId: z.string().refine(isToolUseId),
  project: z.string().optional(),
  requester: z.string().optional(),
  agent: z.string().optional(),
  permissionMode: z.string().optional(),
  mcpSource: z.string().optional(),
  createdAt: z.number(),
  expiresAt: z.number(),
  waiting: z.number(),
  quorum: z.number().optional(),
  parking: z.object({
    sessionId: z.string().refine(isSessionId),
    folder: z.string(),
    afterMs: z.number(),
    forMs: z.number(),
    parkedAt: z.number(),
  }),
});

/** A request as it was parked, but for what is said about its call. */
export type ParkedRequest = Omit<ApprovalRequest, "inspection"> & {
  readonly parking: NonNullable<ApprovalRequest["parking"]>;
};

/** @param secrets only this server's; the first one seals */
export function parkedRow(
  request: ApprovalRequest,
  parking: ParkedRequest["parking"],
  at: number,
  secrets: readonly string[],
): ParkedRow {
  const {
    id,
    call,
    project,
    requester,
    agent,
    permissionMode,
    mcpSource,
    createdAt,
    expiresAt,
    waiting,
    quorum,
  } = request;
  const { toolName, toolUseId } = call;
  const kept: z.input<typeof body> = {
    ...{ toolName, toolUseId: toolUseId ?? "", project, requester, agent, permissionMode, mcpSource },
    ...{ createdAt, expiresAt, waiting, quorum, parking: { ...parking, parkedAt: at } },
  };
  const text = JSON.stringify(kept);
  const seal = sealOf(secrets, sealedText(id, text, JSON.stringify(call.input)));
  return { id, body: text, seal, parkedAt: at };
}

/** @returns undefined where this server has not written it so. @param secrets its present ones */
export function readParked(
  { id, body: text, seal, input }: KeptParked,
  secrets: readonly string[],
): ParkedRequest | undefined {
  const parsed = isSealed(secrets, sealedText(id, text, input), seal)
    ? body.safeParse(JSON.parse(text))
    : undefined;
  if (parsed?.success !== true) return undefined;
  const { toolName, toolUseId, ...rest } = parsed.data;
  return {
    ...rest,
    id,
    call: { toolName, toolUseId, input: JSON.parse(input) as ApprovalRequest["call"]["input"] },
    door: "hook",
    sessionId: rest.parking.sessionId,
    executor: "resumed",
  };
}

function sealedText(id: ApprovalId, text: string, input: string): string {
  const digest = createHash("sha256").update(input).digest("hex");
  return `parked call\n${id}\n${digest}\n${text}`;
}
