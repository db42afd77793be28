// The last step before anything is written: a real request through the real gate, answered on the real phone.
import { randomUUID } from "node:crypto";
import { ConfigError } from "../../domain/errors.ts";
import type { ClosedMode } from "../../domain/service-mode.ts";
import { createRestCall } from "../ask/rest-call.ts";
import { SetupProblem } from "./asker.ts";
import { evidenceOf } from "./evidence.ts";
import { runningServer } from "./running-server.ts";
import { explainWebhook, setWebhook, webhookUrl } from "./sender-webhook.ts";
import { stoppedProblem } from "./stopped-test.ts";
import { startTestServer, type TestServer } from "./test-server.ts";
import { testWords } from "./test-words.ts";
import { wayProblem } from "./webhook-way.ts";
import { whatNow } from "./what-now.ts";
import { chosenChannel, type SetupProgress, type Workshop } from "./workshop.ts";

/** What a program may read of it. */
interface ShownProof {
  readonly outcome: "approved" | "denied";
  /** From the question to the answer, whole seconds. */
  readonly seconds: number;
}

interface Proof extends ShownProof {
  /** "You tapped Approve" */
  readonly answered: string;
}

/** `undone`: nobody answered, and the person wants to go on all the same. */
export type Proven = Proof | "undone";

export type ShownProven = ShownProof | "undone";

export function shownProven(proven: Proven | undefined): ShownProven | undefined {
  if (proven === undefined || proven === "undone") return proven;
  const { outcome, seconds } = proven;
  return { outcome, seconds };
}

/** The shortest time that a request may be given, and the longest, ms. */
const MIN_TEST_MS = 10_000;
const MAX_TEST_MS = 3_600_000;

const ACTION = "A test of the approval server: whatever you answer, nothing is run";

/** @param onStopped told of PANIC or PAUSE that was written meanwhile, which only the test has heard */
export async function prove(
  workshop: Workshop,
  progress: SetupProgress,
  onStopped: (mode: ClosedMode) => void,
): Promise<Proven> {
  const { tell } = workshop;
  tell.step("The test");
  const isTwilio = chosenChannel(progress) === "whatsapp";
  if (isTwilio) await explainWebhook(workshop, progress);
  let putBack: (() => Promise<void>) | undefined;
  let isDone = false;
  try {
    const proven = await proveAgain(workshop, () =>
      tryOnce(workshop, progress, {
        async prepare() {
          if (isTwilio) putBack ??= await setWebhook(workshop, progress);
        },
        onStopped,
      }),
    );
    isDone = true;
    return proven;
  } finally {
    if (!isDone) await undo(workshop, putBack);
  }
}

async function undo({ tell }: Workshop, putBack: (() => Promise<void>) | undefined): Promise<void> {
  await putBack?.().then(
    () => tell.say("The sender's webhook is as it was before."),
    () => tell.bad("The sender's webhook could not be set back: see Twilio Console → Messaging → Senders."),
  );
}

async function proveAgain(
  { asker, tell }: Workshop,
  attempt: () => Promise<Proof | SetupProblem>,
): Promise<Proven> {
  for (;;) {
    const tried = await attempt();
    if (!(tried instanceof SetupProblem)) {
      tell.good(`${tried.answered} ${tried.seconds} s after it was asked. It works.`);
      return tried;
    }
    if (!asker.isPerson) throw tried;
    tell.bad(`${tried.message} ${tried.advice}`);
    const wish = await whatNow(asker, {
      again: "Send the test once more",
      write: "Write the settings all the same",
    });
    if (wish === "write") return "undone";
    if (wish === "stop") throw tried;
  }
}

interface Trying {
  /** What the answers' way still needs, once the server is there. */
  prepare(): Promise<void>;
  readonly onStopped: (mode: ClosedMode) => void;
}

async function tryOnce(
  workshop: Workshop,
  progress: SetupProgress,
  { prepare, onStopped }: Trying,
): Promise<Proof | SetupProblem> {
  const timeoutMs = Math.min(MAX_TEST_MS, Math.max(MIN_TEST_MS, workshop.flags.waitMs));
  let running: TestServer;
  try {
    running =
      (await runningServer(workshop, progress)) ?? (await startTestServer(workshop, progress, timeoutMs));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return new SetupProblem("The test could not start.", error.problems.join("\n"));
  }
  let stopped: ClosedMode | undefined;
  const ask = async () => {
    const url = chosenChannel(progress) === "whatsapp" ? webhookUrl(progress) : undefined;
    const problem = url === undefined ? undefined : await wayProblem(workshop, url);
    if (problem !== undefined) return problem;
    await prepare();
    return askPhone(workshop, progress, running, timeoutMs);
  };
  let tried: Proof | SetupProblem;
  try {
    tried = await ask();
  } finally {
    stopped = await running.close();
    if (stopped !== undefined) onStopped(stopped);
  }
  // It has denied the test as well, and that is no answer to it.
  return stopped?.kind === "panic" ? stoppedProblem(stopped) : tried;
}

async function askPhone(
  { asker, tell, context }: Workshop,
  progress: SetupProgress,
  server: TestServer,
  timeoutMs: number,
): Promise<Proof | SetupProblem> {
  const { clock, fetch } = context;
  const words = testWords(server.channels);
  const call = createRestCall({ ...server.address, fetch, clock });
  const isAnswered = await evidenceOf(context, progress, server);
  const startedAt = clock.elapsed();
  const asked = await call.create(
    { action: ACTION, summary: words.summary, timeout_seconds: Math.floor(timeoutMs / 1000) },
    randomUUID(),
  );
  tell.say(words.sent);
  const waited = await asker.wait({
    limitMs: timeoutMs,
    line: (left) => `${left}${asker.isPerson ? " (S: skip)" : ""}  ${words.waiting}`,
    work: (signal) => call.decision(asked, signal, () => {}),
  });
  const seconds = Math.max(1, Math.round((clock.elapsed() - startedAt) / 1000));
  const unanswered = (why: string) => {
    const last = server.troubles().at(-1);
    return new SetupProblem(why, `${words.advice}${last === undefined ? "" : ` The server said: ${last}.`}`);
  };
  if (waited.kind !== "done" || waited.value === undefined)
    return unanswered(waited.kind === "skipped" ? words.skipped : words.late);
  const { status, decided, reason = "" } = waited.value;
  if ((status === "approved" || status === "denied") && decided) {
    if (await isAnswered(asked.approval_id))
      return { outcome: status, seconds, answered: words.answered[status] };
    return new SetupProblem(
      chosenChannel(progress) === "whatsapp"
        ? "The test request was decided, but Twilio knows no answer of the phone."
        : "The test request was decided, but no answer of the phone is recorded.",
      "A rule in policy.json may have decided it, and that proves nothing: see the policy, then run setup again.",
    );
  }
  if (status === "expired" || status === "timeout") return unanswered(words.late);
  return new SetupProblem(
    `The test request did not get through: ${reason}`,
    "Correct it, then run setup again.",
  );
}
