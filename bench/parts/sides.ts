// The two sides of a comparison behind one interface: the server under test, and the floor.
import { mkdtempSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import type { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { packageRoot } from "../../src/server/system.ts";
import { freePorts } from "../../test/helpers/server-process.ts";
import { type CallTarget, type OpenCall, openCall } from "./call.ts";
import { type Child, startChild } from "./children.ts";
import { FORM, type Posted, post, reusingAgent } from "./post.ts";
import { type BenchTwilio, openTwilio, PHONE, SENDER } from "./twilio.ts";

/** A call that waits, and what gives it its answer. */
export interface WaitingCall {
  readonly call: OpenCall;
  /** The request's id, as its progress says it. */
  readonly id: string;
  /** Made ready before it is timed. */
  ready(): { post(): Promise<Posted> };
}

export interface Side {
  readonly name: "server" | "floor";
  readonly child: Child;
  /** Opens a call without waiting for anything. */
  open(): OpenCall;
  /** Resolves once the call waits. */
  waiting(call: OpenCall): Promise<WaitingCall>;
  close(): Promise<void>;
}

export interface ServerSide extends Side {
  readonly url: string;
  /** Where replies are posted. */
  readonly webhookUrl: string;
  readonly twilio: BenchTwilio;
  readonly databasePath: string;
  readonly logPath: string;
  /** Where a call of one caller goes: a grant is for the one that it was given to. */
  target(agent?: Agent): CallTarget;
  /** Of one of many callers. */
  token(number: number): string;
  logBytes(): number;
  /** Stops the process and leaves its files. @returns its exit code */
  stop(): Promise<number | null>;
}

/** A caller may have 1,000 requests waiting, and ask 1,000 times a minute: the load comes from many. */
const CALLERS = 64;
const TOKENS = Array.from({ length: CALLERS }, (_, index) => `bench-caller-token-${index}`);
const START_LIMIT_MS = 60_000;
const POLL_MS = 20;
/** What `npm start` runs; what bundles the bench has made it. */
const MAIN = join(packageRoot(), "dist", "bundle", "main.js");
/** The same, without the pace of its messages. */
export const UNPACED = join(packageRoot(), "dist", "bench", "unpaced.js");
const FLOOR = join(packageRoot(), "dist", "bench", "floor.js");

export const newFolder = () => mkdtempSync(join(tmpdir(), "approval-bench-"));

/** What every process that is started gets of this one's environment. */
export const plainEnv = (dir: string) => ({ PATH: process.env["PATH"] ?? "", HOME: dir });

/** Starts the built server with a Twilio of its own. @param env settings beside the ports, the account and the limits */
export async function startServerSide(
  env: Readonly<Record<string, string>> = {},
  prepare = (_dir: string) => {},
  program = MAIN,
): Promise<ServerSide> {
  const dir = newFolder();
  prepare(dir);
  const twilio = await openTwilio();
  const [serverPort = 0, webhookPort = 0] = await freePorts(2);
  // A Twilio on this machine reaches this machine: its receipts come in here too, and nothing leaves.
  const publicUrl = `http://127.0.0.1:${webhookPort}`;
  const databasePath = join(dir, "approvals.db");
  const logPath = join(dir, "server.log");
  const child = startChild([program], {
    cwd: dir,
    output: openSync(logPath, "a"),
    env: {
      ...plainEnv(dir),
      SERVER_PORT: String(serverPort),
      WEBHOOK_PORT: String(webhookPort),
      APPROVAL_DB: databasePath,
      APPROVAL_TIMEOUT_SECONDS: "3600",
      APPROVAL_PHONE: PHONE,
      APPROVAL_TOKEN: "bench-operator-token-0123456789",
      APPROVAL_TOKENS: TOKENS.map((token, index) => `c${index}:${token}`).join(","),
      MAX_OPEN_REQUESTS: "1000",
      MAX_REQUESTS_PER_MINUTE: "1000",
      TWILIO_ACCOUNT_SID: twilio.accountSid,
      TWILIO_AUTH_TOKEN: twilio.authToken,
      TWILIO_WHATSAPP_FROM: SENDER,
      TWILIO_BASE_URL: twilio.url,
      PUBLIC_URL: publicUrl,
      // Counted apart: a figure of its own asks for it.
      VERIFY_REPLIES: "off",
      ...env,
    },
  });
  const url = `http://127.0.0.1:${serverPort}`;
  await healthy(url, child, () => readFileSync(logPath, "utf8"));
  const webhookUrl = `${publicUrl}/twilio-webhook`;
  let opened = 0;
  const target = (agent?: Agent): CallTarget => ({
    url,
    tool: "permissions__approve",
    token: TOKENS[0],
    agent,
  });
  return {
    name: "server",
    child,
    url,
    webhookUrl,
    twilio,
    databasePath,
    logPath,
    target,
    token: (number) => TOKENS[number % CALLERS] as string,
    logBytes: () => statSync(logPath).size,
    open() {
      opened += 1;
      const token = TOKENS[opened % CALLERS];
      return openCall({ ...target(), token }, bashCall(`ls -la /etc/item-${opened}`, opened));
    },
    async waiting(call) {
      const id = requestId((await call.taken).note);
      return { call, id, ready: () => twilio.tap(webhookUrl, "approve", id) };
    },
    stop: () => child.stop(),
    async close() {
      await child.stop();
      await twilio.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A call of the permission tool. @param number makes it one of its own */
export function bashCall(command: string, number: number) {
  return {
    tool_name: "Bash",
    input: { command, description: "Look at a file" },
    tool_use_id: `toolu_${number}`,
  };
}

/** "waiting for WhatsApp approval kqmwa, …" */
export function requestId(note: string): string {
  const id = /approval ([a-z]+),/.exec(note)?.[1];
  if (id === undefined) throw new Error(`no request is named in: ${note}`);
  return id;
}

async function healthy(url: string, child: Child, output: () => string): Promise<void> {
  let hasEnded = false;
  void child.ended.then(() => {
    hasEnded = true;
  });
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const status = await fetch(`${url}/health`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200 || status === 401) return;
    if (hasEnded || Date.now() > deadline) throw new Error(`the server did not start:\n${output()}`);
    await pause(POLL_MS);
  }
}

/** Starts the floor. */
export async function startFloor(): Promise<
  Side & { readonly url: string; target(agent?: Agent): CallTarget }
> {
  const dir = newFolder();
  const child = startChild([FLOOR], { cwd: dir, env: plainEnv(dir) });
  const port = await child.port;
  const url = `http://127.0.0.1:${port}`;
  const agent = reusingAgent();
  let opened = 0;
  const ids = new WeakMap<OpenCall, string>();
  return {
    name: "floor",
    child,
    url,
    target: (own) => ({ url, tool: "answer", agent: own }),
    open() {
      opened += 1;
      const id = `n${opened}`;
      const call = openCall({ url, tool: "wait" }, { id });
      ids.set(call, id);
      return call;
    },
    async waiting(call) {
      await call.taken;
      const id = ids.get(call) ?? "";
      const form = new URLSearchParams({ id, filler: "x".repeat(FORM_BYTES) }).toString();
      return { call, id, ready: () => ({ post: () => post(`${url}/signal`, form, FORM, agent) }) };
    },
    async close() {
      agent.destroy();
      await child.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** About as long as Twilio's form. */
const FORM_BYTES = 500;
