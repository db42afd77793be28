// The scripts of a folder as tools: each call goes through the gate, and then this server runs the very bytes that were shown.
import type { Approval, GatedCalls } from "../core/gated-call.ts";
import { takenBackText } from "../core/mode-watch.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { OfferedTool, ToolCaller, ToolResult, ToolSource } from "../core/ports/tool-source.ts";
import { refusedResult } from "../core/refused-result.ts";
import { ownToolName, scriptOfTool, scriptToolName } from "../domain/own-tool.ts";
import type { ReasonCode } from "../domain/reason-code.ts";
import { WORST_HINTS } from "../domain/tool-hints.ts";
import type { ApprovedScripts } from "./approved-scripts.ts";
import { argumentVector } from "./argument-vector.ts";
import { type RunScriptDeps, runScript } from "./run-script.ts";
import { type ScriptEnvironmentDeps, scriptEnvironment } from "./script-environment.ts";
import type { LoadedScript } from "./script-file.ts";
import { createScriptLanes } from "./script-lanes.ts";
import { type ScriptQuestion, scriptQuestion } from "./script-question.ts";
import { followRun, runOutcome, type ScriptOutcome } from "./script-result.ts";
import type { WatchedScripts } from "./watched-scripts.ts";

export interface ScriptSourceDeps extends RunScriptDeps {
  readonly scripts: WatchedScripts;
  readonly approved: ApprovedScripts;
  readonly gatedCalls: GatedCalls;
  readonly environment: ScriptEnvironmentDeps;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ScriptSource extends ToolSource {
  /** What `call` would ask about this input now, for Claude Code's own permission step, which comes before it. Never rejects. */
  question(name: string, input: GivenArguments, requester: string | undefined): Promise<ScriptQuestion>;
  /** Kills what runs. Resolves when it has ended and its callers were told, or have gone. */
  stopRuns(): Promise<void>;
}

type GivenArguments = Readonly<Record<string, unknown>>;

/** For what was approved and is refused after that. */
const NOT_RUN = "It was approved, and did not run.";

/** A call that may be asked about. */
interface Ready {
  readonly script: LoadedScript;
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export function createScriptSource(deps: ScriptSourceDeps): ScriptSource {
  const { scripts, approved, gatedCalls, environment, log } = deps;
  const lanes = createScriptLanes();
  const runs = new Map<AbortController, Promise<unknown>>();

  /** @returns what can be run, or the refusal: then nobody is asked */
  function prepare(name: string, input: GivenArguments): Ready | ToolResult {
    const read = scripts.load(name);
    if (read === undefined)
      return refused("not_listed", `There is no script of this name, or it is not offered: ${name}.`);
    if (!read.ok) return refused("not_listed", `The script is not offered: ${read.problem}.`);
    const { script } = read;
    const problem = script.settings.check(input);
    if (problem !== undefined) return refused("failed", `The arguments are wrong: ${problem}.`);
    const vector = argumentVector(input, script.settings.form);
    if (!vector.ok) return refused("failed", `The arguments are wrong: ${vector.problem}.`);
    const env = scriptEnvironment(script.settings.env, environment);
    if (!env.ok) return refused("failed", `The script cannot be run: ${env.problem}.`);
    return { script, words: vector.words, env: env.env };
  }

  /** Whether the files are still the ones that were shown. */
  function changed({ name, identity }: LoadedScript): string | undefined {
    const now = scripts.load(name);
    return now?.ok === true && now.script.identity === identity
      ? undefined
      : `The script ${name} is no longer what was asked about.`;
  }

  /** When its turn comes. It may have waited since the last look. */
  async function runNow(
    { script, words, env }: Ready,
    signal: AbortSignal,
    takenBack: Approval["takenBack"],
  ): Promise<ScriptOutcome> {
    const closed = takenBack();
    if (closed !== undefined) return outcome(refused(closed, takenBackText(closed)));
    if (signal.aborted)
      return outcome(refused("cancelled", `It was stopped before its turn came. ${NOT_RUN}`));
    const problem = changed(script);
    if (problem !== undefined) return outcome(refused("changed", `${problem} ${NOT_RUN} Ask again.`));
    return runOutcome(script, await runScript({ script, words, env, signal }, deps));
  }

  async function run(
    ready: Ready,
    caller: ToolCaller,
    takenBack: Approval["takenBack"],
  ): Promise<ScriptOutcome> {
    const { name, settings } = ready.script;
    const lane = lanes.of(name, settings.serial);
    if (lane.isFull()) return outcome(refused("limit", `Too many calls wait for their turn. ${NOT_RUN}`));
    const over = new AbortController();
    const follow = () => over.abort();
    caller.signal.addEventListener("abort", follow, { once: true });
    if (caller.signal.aborted) follow();
    const stopTelling = followRun(ready.script, lane.ahead(), caller, deps.clock);
    const running = lane.run(() => runNow(ready, over.signal, takenBack));
    runs.set(
      over,
      running.then(() => caller.written),
    );
    try {
      return await running;
    } finally {
      runs.delete(over);
      stopTelling();
      caller.signal.removeEventListener("abort", follow);
    }
  }

  function questionOf({ script }: Ready, given: GivenArguments) {
    const state = approved.state(script);
    return { state, ...scriptQuestion(script, given, state) };
  }

  async function ask(ready: Ready, input: GivenArguments, caller: ToolCaller): Promise<ToolResult> {
    const { script } = ready;
    const { state, call, ...question } = questionOf(ready, input);
    const { project, folder: cwd, requester, maxWaitMs, toolUseId, asking, written } = caller;
    const result = await gatedCalls.run<ScriptOutcome>({
      submission: {
        call: { ...call, ...(toolUseId === undefined ? {} : { toolUseId }) },
        ...question,
        door: "mcp",
        project,
        cwd,
        requester,
        maxWaitMs,
      },
      caller: asking,
      written,
      changed: () => changed(script),
      async work({ takenBack }) {
        // What is not known yet, only a person has approved.
        if (state !== "same") await approved.remember(script);
        return run(ready, caller, takenBack);
      },
      problemOf: ({ problem }) => problem,
    });
    return result.kind === "ran" ? result.result.result : refusedResult(result);
  }

  return {
    tools: () => [...scripts.current().scripts.values()].map(offered),
    async call(tool, input, caller) {
      const name = scriptOfTool(tool);
      if (name === undefined) return refused("not_listed", `There is no script ${tool}.`);
      try {
        const ready = prepare(name, input);
        return "script" in ready ? await ask(ready, input, caller) : ready;
      } catch (error) {
        log.error({ err: error, name }, "a script could not be called");
        return refused("failed", "The script could not be called.");
      }
    },
    async question(tool, input) {
      const ready = prepare(scriptOfTool(tool) ?? "", input);
      // What cannot run is refused by the call, without a question.
      if (!("script" in ready)) return { call: { toolName: ownToolName(tool), input } };
      const { state: _, ...question } = questionOf(ready, input);
      return question;
    },
    onChange: scripts.onChange,
    async stopRuns() {
      for (const over of runs.keys()) over.abort();
      await Promise.allSettled(runs.values());
    },
  };
}

function offered({ name, settings, sha256 }: LoadedScript): OfferedTool {
  const { description, inputSchema } = settings;
  return {
    name: scriptToolName(name),
    title: `Script ${name}`,
    description: `${description}\nA person is asked before it runs.`,
    inputSchema,
    hints: WORST_HINTS,
    meta: { "approval-server/sha256": sha256 },
  };
}

function outcome(result: ToolResult): ScriptOutcome {
  return { result, problem: "it did not run" };
}

function refused(code: ReasonCode, message: string): ToolResult {
  return refusedResult({ code, message });
}
