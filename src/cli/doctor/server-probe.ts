// What answers on this machine's ports, and at the public address: this very server, another one, or something else.
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { z } from "zod";
import {
  CHALLENGE_PARAMETER,
  PROOF_LABEL,
  REACHABLE,
  WEBHOOK_PATH,
} from "../../channels/twilio/receive/webhook.ts";
import type { Config } from "../../config/config.ts";
import type { Home } from "../../config/home.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { withDeadline } from "../../core/timing.ts";
import type { RunningChannel } from "../../doctor/paired-channels.ts";
import type { PortUser } from "../../doctor/ports.ts";
import type { AddressAnswer } from "../../doctor/public-address.ts";
import { cutEnd, visibleLine } from "../../domain/visible.ts";
import { localAddress } from "../local-client.ts";

const LOCAL_LIMIT_MS = 3_000;
const PUBLIC_LIMIT_MS = 10_000;
/** Enough for any answer of ours: what lies behind an address may never stop. */
const MAX_ANSWER_BYTES = 10_000;
const MAX_SHOWN_PATH = 300;

/** Whatever listens there may have written it: an answer of another form is another program's. */
const channelSchema = z.object({
  channel: z.string(),
  state: z.string(),
  problem: z.string().optional(),
  lost: z.array(z.string()).default([]),
});
const healthSchema = z.object({
  status: z.string().optional().catch(undefined),
  version: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  phone: z.string().optional().catch(undefined),
  proof: z.string().optional().catch(undefined),
  webhook: z.url().optional().catch(undefined),
  database: z.string().optional().catch(undefined),
  pid: z.number().int().positive().optional().catch(undefined),
  channels: z.array(channelSchema).optional().catch(undefined),
  gateway: z
    .object({ problems: z.array(z.string()) })
    .optional()
    .catch(undefined),
});

export interface ServerProbe {
  /** Who has SERVER_PORT. Never rejects. */
  local(): Promise<PortUser>;
  /** Who has WEBHOOK_PORT. Never rejects. */
  webhook(): Promise<PortUser>;
  /** Whether the server of these settings runs. */
  isRunning(): Promise<boolean>;
  /** The process of the server that answers with this database. */
  serverProcess(): Promise<number | "unknown" | undefined>;
  /** What is wrong with the MCP servers behind the gate; undefined where the server does not run, or has none. */
  gatewayProblems(): Promise<readonly string[] | undefined>;
  /** How the running server finds its channels; undefined where it does not run, or has none beside Twilio's. */
  channels(): Promise<readonly RunningChannel[] | undefined>;
  /** Where the running server has Twilio post. */
  webhookUrl(): Promise<string | undefined>;
  /** Whether the address leads to the server that answers on SERVER_PORT. Never rejects. */
  askPublic(url: string): Promise<AddressAnswer>;
}

interface ProbeDeps {
  readonly config: Config;
  readonly home: Home;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

export function createServerProbe({ config, home, clock, fetch }: ProbeDeps): ServerProbe {
  // Made up anew for each run: an answer that somebody has kept proves nothing.
  const challenge = randomBytes(24).toString("base64url");
  const query = `?${CHALLENGE_PARAMETER}=${challenge}`;
  const database = resolve(home.folder, config.databasePath);

  async function askHealth() {
    const { url, headers } = localAddress(config);
    return withDeadline(
      LOCAL_LIMIT_MS,
      async (signal) => {
        const response = await fetch(`${url}/health${query}`, { headers, signal, redirect: "manual" });
        const text = await readText(response);
        return { status: response.status, ...healthSchema.parse(JSON.parse(text)) };
      },
      { clock },
    ).catch(() => undefined);
  }
  let asked: ReturnType<typeof askHealth> | undefined;
  const health = () => {
    asked ??= askHealth();
    return asked;
  };
  const isOfThisHome = (found: Awaited<ReturnType<typeof askHealth>>) =>
    found?.version !== undefined && (found.database === undefined || resolve(found.database) === database);

  async function local(): Promise<PortUser> {
    const found = await health();
    if (found?.status === undefined) return { kind: "unknown" };
    if (String(found.message).includes("approval server")) return { kind: "other token" };
    if (found.version === undefined) return { kind: "unknown" };
    if (!isOfThisHome(found)) {
      const process = found.pid === undefined ? "" : ` (process ${found.pid})`;
      return { kind: "another server", note: `with the database ${shownPath(found.database)}${process}` };
    }
    return { kind: found.status === "ok" ? "server" : "not recording" };
  }

  async function answerOf(url: string, limitMs: number): Promise<AddressAnswer> {
    try {
      return await withDeadline(
        limitMs,
        async (signal): Promise<AddressAnswer> => {
          const response = await fetch(url + query, {
            redirect: "manual",
            signal,
            // ngrok shows browsers a page of its own before it lets them through.
            headers: { "ngrok-skip-browser-warning": "1" },
          });
          if (response.status >= 300 && response.status < 400) return { kind: "redirect", note: "" };
          if (response.status !== 200) return { kind: "status", note: String(response.status) };
          return sameServer(await readText(response), (await health())?.proof);
        },
        { clock },
      );
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      const code = cause instanceof Error && "code" in cause ? String(cause.code) : "no answer";
      return { kind: "unreachable", note: code };
    }
  }

  return {
    local,
    async webhook() {
      const answer = await answerOf(`http://127.0.0.1:${config.webhookPort}${WEBHOOK_PATH}`, LOCAL_LIMIT_MS);
      if (answer.kind === "this server") return { kind: "server" };
      return answer.kind === "another server" ? { kind: "another server" } : { kind: "unknown" };
    },
    async isRunning() {
      return ["server", "not recording"].includes((await local()).kind);
    },
    async serverProcess() {
      const found = await health();
      return isOfThisHome(found) ? (found?.pid ?? "unknown") : undefined;
    },
    async gatewayProblems() {
      const found = await health();
      return isOfThisHome(found) ? found?.gateway?.problems.map(visibleLine) : undefined;
    },
    async channels() {
      const found = await health();
      if (!isOfThisHome(found)) return undefined;
      return found?.channels?.map(({ channel, state, problem, lost }) => ({
        ...{ channel, state, lost: lost.map(visibleLine) },
        ...(problem === undefined ? {} : { problem: visibleLine(problem) }),
      }));
    },
    webhookUrl: async () => (await health())?.webhook,
    askPublic: (url) => answerOf(url, PUBLIC_LIMIT_MS),
  };
}

/** Whatever answers may have written it. */
function shownPath(path = ""): string {
  const shown = visibleLine(path);
  return shown.slice(0, cutEnd(shown, MAX_SHOWN_PATH));
}

function sameServer(text: string, proof: string | undefined): AddressAnswer {
  if (!text.includes(REACHABLE)) return { kind: "something else" };
  const isSame = proof !== undefined && text.split("\n").includes(PROOF_LABEL + proof);
  return { kind: isSame ? "this server" : "another server" };
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    if (size > MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}
