// `npm run ask`: asks the person through the running server, and says with its exit code what came of it.
// Reads and writes only what it is given. Ends with 0 only after an approval.
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { type AskCallDeps, AskRefused, createAskCall } from "./ask-call.ts";
import { parseConfig } from "./config.ts";
import { ConfigError } from "./domain/errors.ts";
import { askSchema } from "./doors/approval-ask.ts";
import { mistakesOf } from "./doors/rest/problem.ts";
import type { ShownApproval } from "./doors/rest/shapes.ts";
import { explainLocalError, localAddress } from "./local-client.ts";

/** Exit codes: only 0 allows anything. 64 and 69 are those of sysexits.h. */
export const EXIT = {
  approved: 0,
  denied: 1,
  unanswered: 2,
  usage: 64,
  unavailable: 69,
  interrupted: 130,
} as const;

export interface AskDeps extends Pick<AskCallDeps, "fetch" | "pauseMs" | "now"> {
  /** The arguments after the script's name. */
  readonly argv: readonly string[];
  /** With what .env says. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The caller's folder; its last part is shown as the project. */
  readonly folder: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether a person reads `err` as it comes. */
  readonly isTerminal: boolean;
  /** Aborts when the script is to end: the request is withdrawn. */
  readonly signal: AbortSignal;
}

const HELP = `Usage: npm run --silent ask -- "deploy to prod?" [options]

Asks on WhatsApp and waits for the answer.

  --action <text>      what exactly will be done, shown first; default: the question
  --reason <text>      why it is needed now
  --timeout <seconds>  how long to wait, 10 to 3600; default 300; the server's own limit also holds
  --json               prints the result as JSON
  --help               shows this text

Exit codes: 0 approved, 1 denied, 2 no decision (nobody answered, undelivered, an error), 64 wrong usage or settings,
69 the server is not there or refuses, 130 interrupted (the request is withdrawn). Only 0 allows anything.
`;

/** Runs the command. @returns the exit code. Never rejects. */
export async function runAsk(deps: AskDeps): Promise<number> {
  try {
    const wish = readArguments(deps.argv);
    if (wish === undefined) {
      deps.out(HELP);
      // Not 0: a script that asks for help by mistake has no approval.
      return EXIT.usage;
    }
    return await ask(wish, deps);
  } catch (error) {
    const isUsage = error instanceof ConfigError;
    deps.err(`${error instanceof AskRefused ? error.message : explainLocalError(error)}\n`);
    return isUsage ? EXIT.usage : EXIT.unavailable;
  }
}

interface Wish {
  readonly body: object;
  readonly json: boolean;
}

async function ask({ body, json }: Wish, deps: AskDeps): Promise<number> {
  const { env, folder, signal, isTerminal, err, out } = deps;
  const { url, headers } = localAddress(parseConfig(env));
  const project = Buffer.from(folder, "utf8").toString("latin1");
  const call = createAskCall({ ...deps, url, headers: { ...headers, "x-approval-project": project } });
  const note = (text: string) => (isTerminal ? err(`  … ${text}\n`) : undefined);
  if (signal.aborted) return EXIT.interrupted;
  // Not ended by the signal: what may have been asked must be known to be withdrawn.
  const asked = await call.create(body, randomUUID());
  note(`asked on WhatsApp: request ${asked.approval_id}, until ${asked.expires_at}`);
  try {
    const decided = await call.decision(asked, signal, note);
    const shown = decided ?? {
      ...asked,
      status: "error",
      decided: false,
      reason: "The server gave no answer in time.",
    };
    out(json ? `${JSON.stringify(shown)}\n` : `${textOf(shown)}\n`);
    return exitCodeOf(shown);
  } catch (error) {
    const isWithdrawn = await call.withdraw(asked.approval_id);
    if (!signal.aborted) throw error;
    err(
      `Interrupted: the request ${isWithdrawn ? "was withdrawn" : "could not be withdrawn"}. Nothing is approved.\n`,
    );
    return EXIT.interrupted;
  }
}

function exitCodeOf({ status, decided }: ShownApproval): number {
  if (status === "approved" && decided) return EXIT.approved;
  return status === "denied" && decided ? EXIT.denied : EXIT.unanswered;
}

function textOf({ status, reason }: ShownApproval): string {
  return reason === undefined ? status : `${status}: ${reason}`;
}

/** @returns undefined when help is wanted @throws ConfigError that says what is wrong */
function readArguments(argv: readonly string[]): Wish | undefined {
  const { values, positionals } = parsed(argv);
  if (values.help) return undefined;
  const [question, ...more] = positionals;
  if (question === undefined) throw new ConfigError(["What to ask is missing.", HELP]);
  if (more.length > 0) throw new ConfigError([`Put the question into quotes: "${positionals.join(" ")}"`]);
  const { timeout } = values;
  const body = {
    action: values.action ?? question,
    summary: question,
    ...(values.reason === undefined ? {} : { reason: values.reason }),
    ...(timeout === undefined ? {} : { timeout_seconds: /^\d+$/.test(timeout) ? Number(timeout) : timeout }),
  };
  const checked = askSchema.safeParse(body);
  if (checked.success) return { body, json: values.json };
  const names: Readonly<Record<string, string>> = {
    "/summary": "the question",
    "/timeout_seconds": "--timeout",
  };
  throw new ConfigError(
    mistakesOf(checked.error).map(
      ({ pointer, detail }) => `${names[pointer] ?? pointer.replace("/", "--")}: ${detail}`,
    ),
  );
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        action: { type: "string" },
        reason: { type: "string" },
        timeout: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new ConfigError([error instanceof Error ? error.message : String(error), HELP]);
  }
}
