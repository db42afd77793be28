// The last step before anything is written: a real request through the real gate, answered by a tap on the real phone.
import { randomUUID } from "node:crypto";
import { pause } from "../../core/timing.ts";
import { ConfigError } from "../../domain/errors.ts";
import type { ShownApproval } from "../../doors/held/shapes.ts";
import { createRestCall } from "../ask/rest-call.ts";
import type { CommandContext } from "../command.ts";
import { SetupProblem } from "./asker.ts";
import { writtenIds } from "./people.ts";
import { runningServer } from "./running-server.ts";
import { explainWebhook, setWebhook, webhookUrl } from "./sender-webhook.ts";
import { startTestServer, type TestServer } from "./test-server.ts";
import { wayProblem } from "./webhook-way.ts";
import type { SetupProgress, Workshop } from "./workshop.ts";

interface Proof {
  readonly outcome: "approved" | "denied";
  /** From the question to the answer, whole seconds. */
  readonly seconds: number;
}

/** `undone`: nobody answered, and the person wants to go on all the same. */
export type Proven = Proof | "undone";

/** The shortest time that a request may be given, and the longest, ms. */
const MIN_TEST_MS = 10_000;
const MAX_TEST_MS = 3_600_000;
/** Looks for the tap in Twilio's list: how many, and the pause between two, ms. */
const MAX_LOOKS = 5;
const LOOK_EVERY_MS = 1_000;

const QUESTION = {
  action: "A test of the approval server: whatever you answer, nothing is run",
  summary: "Tap Approve to show that your answer comes back",
};

export async function prove(workshop: Workshop, progress: SetupProgress): Promise<Proven> {
  const { tell } = workshop;
  tell.step("The test");
  await explainWebhook(workshop, progress);
  let putBack: (() => Promise<void>) | undefined;
  let isDone = false;
  try {
    const proven = await proveAgain(workshop, () =>
      tryOnce(workshop, progress, async () => {
        putBack ??= await setWebhook(workshop, progress);
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
      const tapped = tried.outcome === "approved" ? "Approve" : "Deny";
      tell.good(`You tapped ${tapped} ${tried.seconds} s after it was asked. It works.`);
      return tried;
    }
    if (!asker.isPerson) throw tried;
    tell.bad(`${tried.message} ${tried.advice}`);
    const wish = await asker.choose({
      message: "What now?",
      initial: "again",
      choices: [
        { value: "again", label: "Send the test once more" },
        { value: "write", label: "Write the settings all the same" },
        { value: "stop", label: "Stop, and leave everything as it was" },
      ],
    });
    if (wish === "write") return "undone";
    if (wish === "stop") throw tried;
  }
}

/** @param prepare what the answers' way still needs, once the server is there */
async function tryOnce(
  workshop: Workshop,
  progress: SetupProgress,
  prepare: () => Promise<void>,
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
  try {
    const url = webhookUrl(progress);
    const problem = url === undefined ? undefined : await wayProblem(workshop, url);
    if (problem !== undefined) return problem;
    await prepare();
    return await askPhone(workshop, progress, running, timeoutMs);
  } finally {
    await running.close();
  }
}

async function askPhone(
  { asker, tell, context }: Workshop,
  progress: SetupProgress,
  { address, troubles }: TestServer,
  timeoutMs: number,
): Promise<Proof | SetupProblem> {
  const { clock, fetch } = context;
  const call = createRestCall({ ...address, fetch, clock });
  const before = await writtenIds(progress, clock.now());
  const startedAt = clock.elapsed();
  const asked = await call.create(
    { ...QUESTION, timeout_seconds: Math.floor(timeoutMs / 1000) },
    randomUUID(),
  );
  tell.say("A test request is on its way to your phone: tap Approve there.");
  const waited = await asker.wait({
    limitMs: timeoutMs,
    line: (left) => `${left}${asker.isPerson ? " (S: skip)" : ""}  Waiting for your tap`,
    work: (signal) => call.decision(asked, signal, () => {}),
  });
  const seconds = Math.max(1, Math.round((clock.elapsed() - startedAt) / 1000));
  if (waited.kind === "done" && waited.value !== undefined) {
    const result = outcomeOf(waited.value, seconds);
    if (result instanceof SetupProblem || (await hasWritten(context, progress, before))) return result;
    return new SetupProblem(
      "The test request was decided, but Twilio knows no answer of the phone.",
      "A rule in policy.json may have decided it, and that proves nothing: see the policy, then run setup again.",
    );
  }
  const why = waited.kind === "skipped" ? "The test was skipped: no tap came." : "No tap came in time.";
  return noTap(why, troubles());
}

/** Whether a message of the phone has come since: a tap is one. Twilio's list may be a moment behind. */
async function hasWritten(
  { clock, signal }: CommandContext,
  progress: SetupProgress,
  before: ReadonlySet<string>,
): Promise<boolean> {
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    if (look > 0) await pause(LOOK_EVERY_MS, clock, signal);
    const after = await writtenIds(progress, clock.now()).catch(() => before);
    if ([...after].some((id) => !before.has(id))) return true;
  }
  return false;
}

function outcomeOf({ status, decided, reason = "" }: ShownApproval, seconds: number): Proof | SetupProblem {
  if (status === "approved" && decided) return { outcome: "approved", seconds };
  if (status === "denied" && decided) return { outcome: "denied", seconds };
  if (status === "expired" || status === "timeout") return noTap("No tap came in time.", []);
  return new SetupProblem(
    `The test request did not get through: ${reason}`,
    "Correct it, then run setup again.",
  );
}

function noTap(why: string, troubles: readonly string[]): SetupProblem {
  const last = troubles.at(-1);
  return new SetupProblem(
    why,
    `If the phone shows no request, it has not joined the Sandbox, or its number is another one; if it shows one, tap Approve when it is sent again.${last === undefined ? "" : ` The server said: ${last}.`}`,
  );
}
