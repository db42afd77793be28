// The check of the server on another machine: asked as the commands ask it, with the same token and the same distrust.
import { z } from "zod";
import type { Config } from "../../config/config.ts";
import { withDeadline } from "../../core/timing.ts";
import type { Check } from "../../doctor/check.ts";
import { type RemoteAnswer, remoteServerCheck } from "../../doctor/remote-server.ts";
import { ConfigError } from "../../domain/errors.ts";
import { visibleLine } from "../../domain/visible.ts";
import type { CommandContext } from "../command.ts";
import { remoteFailure } from "../remote-failure.ts";
import { serverAddress } from "../server-address.ts";

const LIMIT_MS = 10_000;
const MAX_ANSWER_LENGTH = 10_000;
/** Anybody may have written it. */
const healthSchema = z.object({ status: z.string(), version: z.string().max(50) });

type RemoteContext = Pick<CommandContext, "env" | "envFile" | "fetch" | "clock">;

export function remoteChecks(config: Config, context: RemoteContext): Check[] {
  const { serverUrl } = config;
  return serverUrl === undefined ? [] : [remoteServerCheck(serverUrl, () => ask(serverUrl, config, context))];
}

async function ask(url: string, config: Config, context: RemoteContext): Promise<RemoteAnswer> {
  try {
    const { headers } = await serverAddress(config, context);
    const { status, text } = await withDeadline(
      LIMIT_MS,
      async (signal) => {
        const answer = await context.fetch(`${url}/health`, { headers, redirect: "error", signal });
        return { status: answer.status, text: (await answer.text()).slice(0, MAX_ANSWER_LENGTH) };
      },
      { clock: context.clock },
    );
    // A server that is not well answers with 503, and is there all the same.
    const health = healthSchema.safeParse(parsed(text));
    if (health.success) return { kind: "answers", version: visibleLine(health.data.version) };
    throw new Error(`HTTP ${status}: ${text}`);
  } catch (error) {
    if (error instanceof ConfigError) {
      return { kind: "fails", message: error.problems.join("; "), advice: "See docs/remote.md." };
    }
    return { kind: "fails", ...remoteFailure(error, url) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
