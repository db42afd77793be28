// One turn of a session: starts Claude, follows what it does, and says what came of it. Everything that this needs on the disk is
// made before and gone afterwards.
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClaudeEnd } from "../core/ports/claude-process.ts";
import type { TaskOutcome } from "../core/ports/task-store.ts";
import { shortTaskName, type TaskProfile, taskRequester } from "../domain/task.ts";
import { keepArtifacts } from "./artifacts.ts";
import { claudeArguments, mcpConfigText, SERVER_KEY } from "./claude-arguments.ts";
import type { ClaudeEvent } from "./claude-events.ts";
import { runClaude } from "./claude-process.ts";
import type { StopCause, TaskDeps, TurnOrder } from "./contract.ts";
import { watchReading } from "./evidence.ts";
import { createMasking } from "./masking.ts";
import { outcomeOf, type TurnEnd, type TurnStatus } from "./outcome.ts";
import { sessionSeal } from "./session-seal.ts";
import { taskEnvironment } from "./task-environment.ts";
import { VERDICT_PROMPT } from "./verdict.ts";

/** Notes that are still to be masked; more of them are counted, not kept. */
const MAX_OPEN_NOTES = 50;

interface TurnResult {
  readonly status: TurnStatus;
  readonly outcome: TaskOutcome;
}

/** @returns runs a turn; never rejects */
export function createTurns(deps: TaskDeps): (order: TurnOrder) => Promise<TurnResult> {
  const { guard, claude, clock, log } = deps;
  const masking = createMasking(deps);

  return async (order) => {
    const { session } = order;
    const running = guard.begin(taskRequester(session.number), deps.maxAsked);
    let place: string | undefined;
    try {
      place = await realpath(await mkdtemp(join(tmpdir(), "approval-task-")));
      return await inPlace(order, running.token, place);
    } catch (error) {
      log.error({ err: error, task: session.id }, "a task could not be run");
      const failure: TurnEnd = { kind: "broken", why: "The server could not run it; see its log." };
      return await outcomeOf({ order, ended: failure, masking, artifacts: [], warnings: [] });
    } finally {
      running.end();
      const asked = running.asked();
      if (asked > 0)
        await deps.store.changeTask(session.id, session.turn, { asked }, clock.now()).catch(() => {});
      if (place !== undefined) await rm(place, { recursive: true, force: true }).catch(() => {});
    }
  };

  async function inPlace(order: TurnOrder, token: string, place: string): Promise<TurnResult> {
    const { session, verification } = order;
    const { folder } = session;
    const config = join(place, "mcp.json");
    await writeFile(config, mcpConfigText(claude.url, token, folder), { mode: 0o600, flag: "wx" });
    const left = join(place, "artifacts");
    await mkdir(left, { mode: 0o700 });
    const watch = watchReading(folder);
    const notes = createNotes(order);
    const state: { result?: Extract<ClaudeEvent, { kind: "ended" }>; last: string } = { last: "" };

    const onEvent = (event: ClaudeEvent): string | undefined => {
      watch.event(event);
      if (event.kind === "begun") {
        const problem = startProblem(event, folder);
        if (problem !== undefined) return problem;
        notes.write("started", async () => `Claude Code ${event.version ?? ""} works in ${folder}`);
        const begun = { ...session, claudeSession: event.sessionId };
        const known = { claudeSession: event.sessionId, seal: sessionSeal(deps.sealSecrets, begun) };
        notes.then(() => deps.store.changeTask(session.id, session.turn, known, clock.now()));
      } else if (event.kind === "said") {
        state.last = event.text;
        notes.write("said", () => masking.words(event.text, folder));
      } else if (event.kind === "tool") {
        notes.write(
          "tool",
          async () => `${event.name}: ${await masking.call(event.name, event.input, folder)}`,
        );
      } else if (event.kind === "ended") {
        state.result = event;
      }
      return undefined;
    };
    const environment = taskEnvironment({
      ...claude,
      folder,
      // The hooks of this person's settings show it as well: one call, one question.
      own: { APPROVAL_TOKEN: token, APPROVAL_TASK: session.id, APPROVAL_TASK_ARTIFACTS: left },
    });
    const args = claudeArguments({
      ...session,
      mcpConfig: config,
      resume: session.claudeSession,
      alsoFolders: verification?.scope.filter((each) => each !== folder) ?? [left],
      systemPrompt: verification === undefined ? prompts[session.profile](left) : VERDICT_PROMPT,
    });
    // The last look: what was approved is this folder, and no other that has taken its place.
    const named = deps.folders.find(({ path }) => path === folder);
    if (named === undefined || !deps.isStillFolder(named))
      return outcomeOf({ order, ended: { kind: "moved" }, masking, artifacts: [], warnings: [] });
    const { bin, send, killMarked, noteRun } = claude;
    const end = await runClaude({
      ...{ bin, args, folder, environment, text: order.text, limitMs: deps.turnMs },
      ...{ signal: order.signal, onEvent, send, killMarked, noteRun, clock },
    });
    await notes.idle();
    const kept = await keepArtifacts(left, join(deps.artifactsFolder, session.id));
    return outcomeOf({
      order,
      ended: endOf(end, state, order.signal),
      masking,
      ...kept,
      unread: watch.unread,
    });
  }

  /** Notes in their order, each masked before it is kept. */
  function createNotes({ session, onNote }: TurnOrder) {
    let open = 0;
    let turn: Promise<unknown> = Promise.resolve();
    const then = (work: () => Promise<unknown>) => {
      turn = turn.then(work).catch((error: unknown) => {
        log.warn({ err: error, task: session.id }, "what a task did could not be noted");
      });
    };
    return {
      then,
      write(kind: string, text: () => Promise<string>) {
        if (open >= MAX_OPEN_NOTES) return;
        open += 1;
        then(async () => {
          open -= 1;
          const line = lineOf(await text());
          onNote(`${shortTaskName(session.number)}: ${line}`);
          await deps.store.addTaskNote(session.id, { at: clock.now(), kind, text: line });
        });
      },
      idle: () => turn,
    };
  }
}

/** Why Claude must not go on as it has begun; undefined where all is as it was asked for. */
function startProblem(event: Extract<ClaudeEvent, { kind: "begun" }>, folder: string): string | undefined {
  if (event.cwd !== folder) return `it works in another folder than ${folder}`;
  if (event.permissionMode !== undefined && event.permissionMode !== "default")
    return "it began in a permission mode in which not every call is asked about";
  return event.connected.includes(SERVER_KEY)
    ? undefined
    : "it could not reach this server for its permissions";
}

function endOf(
  end: ClaudeEnd,
  { result, last }: { result?: Extract<ClaudeEvent, { kind: "ended" }>; last: string },
  signal: AbortSignal,
): TurnEnd {
  if (end.stopped?.by === "signal") return { kind: "stopped", cause: signal.reason as StopCause, last };
  if (result !== undefined && (end.stopped === undefined || end.stopped.by === "time"))
    return { kind: "result", result };
  return { kind: "none", end, last };
}

const prompts: Readonly<Record<TaskProfile, (artifacts: string) => string>> = {
  general: generalPrompt,
  verification: () =>
    "You work on a task that a person has allowed, and may only read: Read, Grep and Glob. Your last words are the result.",
};

function generalPrompt(artifacts: string): string {
  return [
    "You work on a task that a person has allowed. Nobody sits at a terminal.",
    "What needs permission is asked on that person's phone, call by call; a denial is an answer: do not try the same in another way.",
    `Files that whoever gave the task should get as files go into ${artifacts}. Your last words are the result: say what you did, and what is missing.`,
  ].join(" ");
}

function lineOf(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= 500 ? line : `${line.slice(0, 499)}…`;
}
