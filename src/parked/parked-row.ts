// What is kept of a parked request, and the seal over it: whoever can merely write to the database cannot lead an approval to
// another session, folder or call.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { KeptParked, ParkedRow } from "../core/ports/parked-store.ts";
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

/** @param secret only this server's */
export function parkedRow(
  request: ApprovalRequest,
  parking: ParkedRequest["parking"],
  at: number,
  secret: string,
): ParkedRow {
  const { id, call, project, requester, agent, permissionMode, mcpSource, createdAt, expiresAt, waiting } =
    request;
  const { toolName, toolUseId } = call;
  const kept: z.input<typeof body> = {
    ...{ toolName, toolUseId: toolUseId ?? "", project, requester, agent, permissionMode, mcpSource },
    ...{ createdAt, expiresAt, waiting, parking: { ...parking, parkedAt: at } },
  };
  const text = JSON.stringify(kept);
  return { id, body: text, seal: sealOf(secret, id, text, JSON.stringify(call.input)), parkedAt: at };
}

/** @returns undefined where this server has not written it so. @param secrets its present ones */
export function readParked(
  { id, body: text, seal, input }: KeptParked,
  secrets: readonly string[],
): ParkedRequest | undefined {
  const isSealed = secrets.some((secret) => secret !== "" && same(sealOf(secret, id, text, input), seal));
  const parsed = isSealed ? body.safeParse(JSON.parse(text)) : undefined;
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

function sealOf(secret: string, id: ApprovalId, text: string, input: string): string {
  const digest = createHash("sha256").update(input).digest("hex");
  return createHmac("sha256", secret).update(`parked call\n${id}\n${digest}\n${text}`).digest("hex");
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
