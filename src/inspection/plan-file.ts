// A plan for which Claude Code gives only the file. Reads what Claude Code itself keeps plans in, and nothing else: the
// path comes from outside, and what it holds goes to a phone.

import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { isAbsolute, join, sep } from "node:path";
import { PLAN_TOOL } from "../domain/plan.ts";
import type { ToolCall } from "../domain/tool-call.ts";

/** Bytes; far above a plan that anybody reads on a phone. */
const MAX_SIZE = 200_000;

export interface PlanPlaces {
  /** The person's home folder, absolute. */
  readonly home: string;
  /** The caller's folder, absolute, where it is known. */
  readonly cwd?: string | undefined;
}

export interface PlanFinding {
  /** The call as it is to be shown: with its plan, where that was found. */
  readonly call: ToolCall;
  readonly warnings: readonly string[];
}

/** Finds the plan of a call. Every other call stays as it is. Never rejects. */
export async function findPlan(call: ToolCall, places: PlanPlaces): Promise<PlanFinding> {
  if (call.toolName !== PLAN_TOOL) return { call, warnings: [] };
  const { plan, planFilePath: file } = call.input;
  if (typeof plan === "string" && plan.trim() !== "") return { call, warnings: [] };
  if (file === undefined) return { call, warnings: ["Claude gave no plan"] };
  const text = typeof file === "string" ? await readPlan(file, places).catch(() => undefined) : undefined;
  if (text === undefined || text.trim() === "")
    return { call, warnings: ["the plan's file could not be read"] };
  return { call: { ...call, input: { ...call.input, plan: text } }, warnings: [] };
}

async function readPlan(file: string, { home, cwd }: PlanPlaces): Promise<string | undefined> {
  if (!isAbsolute(file) || !file.endsWith(".md")) return undefined;
  const path = await realpath(file);
  const folders = [join(home, ".claude", "plans"), ...(cwd === undefined ? [] : [cwd])];
  const places = await Promise.all(folders.map((folder) => realpath(folder).catch(() => undefined)));
  const isInPlace = places.some((folder) => folder !== undefined && path.startsWith(`${folder}${sep}`));
  if (!isInPlace || !path.endsWith(".md")) return undefined;
  // What is there now may differ from what was there a moment ago: no link is followed, no pipe is waited for.
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const info = await handle.stat();
    if (!info.isFile() || info.size > MAX_SIZE) return undefined;
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}
