// Who answers at the address that the service will have: our server, another program, or nobody.
import { z } from "zod";
import { withDeadline } from "../../core/timing.ts";
import type { CommandContext } from "../command.ts";
import type { LocalAddress } from "../local-client.ts";

/** It answers at once, unless the machine is busy; ms. */
const LIMIT_MS = 3_000;
const healthSchema = z.object({
  status: z.string(),
  version: z.string(),
  waiting: z.number().optional(),
  problem: z.string().optional(),
});

export type Probed =
  | { readonly kind: "nobody" | "foreign" | "starting" }
  /** Our server, with another token than the one at hand. */
  | { readonly kind: "locked" }
  | {
      readonly kind: "ours";
      readonly waiting: number;
      /** Why nothing can be recorded, and so nothing approved. */
      readonly problem?: string | undefined;
    };

/** Never rejects. */
export async function probe(
  { url, headers }: LocalAddress,
  context: Pick<CommandContext, "fetch" | "clock">,
): Promise<Probed> {
  try {
    return await withDeadline(
      LIMIT_MS,
      async (signal): Promise<Probed> => {
        const response = await context.fetch(`${url}/health`, { headers, signal, redirect: "manual" });
        return whoAnswered(response.status, await response.text());
      },
      context,
    );
  } catch (error) {
    return { kind: isRefused(error) ? "nobody" : "foreign" };
  }
}

function whoAnswered(status: number, text: string): Probed {
  if (status === 503 && text === "starting\n") return { kind: "starting" };
  if (status === 401 && text.includes("This approval server wants")) return { kind: "locked" };
  const { data } = healthSchema.safeParse(asJson(text));
  if (data === undefined) return { kind: "foreign" };
  const problem = status === 200 ? undefined : (data.problem ?? data.status);
  return { kind: "ours", waiting: data.waiting ?? 0, problem };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRefused(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED";
}
