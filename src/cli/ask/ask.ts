// `npm run ask`: asks the person through the running server, and says with its exit code what came of it.
// Ends with 0 only after an approval.
import { randomUUID } from "node:crypto";
import { readAs } from "../../core/read-as.ts";
import { askSchema } from "../../doors/approval-ask.ts";
import type { ShownApproval } from "../../doors/held/shapes.ts";
import { mistakesOf } from "../../doors/rest/problem.ts";
import { type CommandContext, type CommandInput, UsageError } from "../command.ts";
import { ASK_EXIT } from "../exit.ts";
import { callServer, type LocalAddress, projectHeader } from "../local-client.ts";
import { serverAddress } from "../server-address.ts";
import { readClientConfig } from "../settings.ts";
import { createRestCall } from "./rest-call.ts";

export async function ask(input: CommandInput, context: CommandContext): Promise<number> {
  const body = readBody(input);
  const server = await serverAddress(await readClientConfig(context), context);
  if (context.signal.aborted) return ASK_EXIT.interrupted;
  const address = { ...server, headers: { ...server.headers, ...projectHeader(context.folder) } };
  const shown = await callServer(() => decisionOf(body, address, context), address);
  if (shown === undefined) return ASK_EXIT.interrupted;
  context.out(input.options["json"] ? `${JSON.stringify(shown)}\n` : `${textOf(shown)}\n`);
  return exitCodeOf(shown);
}

/** @returns undefined when the command was interrupted, and has said so */
async function decisionOf(
  body: object,
  address: LocalAddress,
  { signal, isTerminal, err, fetch, clock }: CommandContext,
): Promise<ShownApproval | undefined> {
  const call = createRestCall({ ...address, fetch, clock });
  const note = (text: string) => (isTerminal ? err(`  … ${text}\n`) : undefined);
  // Not ended by the signal: what may have been asked must be known to be withdrawn.
  const asked = await call.create(body, randomUUID());
  note(`asked on the phone: request ${asked.approval_id}, until ${asked.expires_at}`);
  try {
    const decided = await call.decision(asked, signal, note);
    const reason = "The server gave no answer in time.";
    return decided ?? { ...asked, status: "error", decided: false, reason };
  } catch (error) {
    const isWithdrawn = await call.withdraw(asked.approval_id);
    if (!signal.aborted) throw error;
    const ending = isWithdrawn ? "was withdrawn" : "could not be withdrawn";
    err(`Interrupted: the request ${ending}. Nothing is approved.\n`);
    return undefined;
  }
}

function exitCodeOf({ status, decided }: ShownApproval): number {
  if (status === "approved" && decided) return ASK_EXIT.approved;
  return status === "denied" && decided ? ASK_EXIT.denied : ASK_EXIT.unanswered;
}

function textOf({ status, reason }: ShownApproval): string {
  return reason === undefined ? status : `${status}: ${reason}`;
}

/** What the server is asked. @throws UsageError that says what is wrong */
function readBody({ args: [question], options }: CommandInput): object {
  const { action = question, reason, timeout } = options;
  const seconds = typeof timeout === "string" && /^\d+$/.test(timeout) ? Number(timeout) : timeout;
  const body = { action, summary: question, reason, timeout_seconds: seconds };
  const checked = readAs(askSchema, body);
  if (checked.success) return body;
  // Where no action is given it is the question: one mistake, not two.
  const mistakes = mistakesOf(checked.error).filter(
    ({ pointer }) => pointer !== "/action" || options["action"] !== undefined,
  );
  throw new UsageError(`${mistakes.map(mistakeText).join("; ")}.`);
}

/** Under the name that a person typed. */
function mistakeText({ pointer, detail }: { readonly pointer: string; readonly detail: string }): string {
  const names: Readonly<Record<string, string>> = {
    "/summary": "the question",
    "/timeout_seconds": "--timeout",
  };
  return `${names[pointer] ?? pointer.replace("/", "--")} ${detail}`;
}
