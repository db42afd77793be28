// The gateway: other MCP servers' tools, offered as ours and called by us, each call only after the gate has let it through.
import { isDeepStrictEqual } from "node:util";
import type { GatedCalls } from "../core/gated-call.ts";
import type { OfferedTool, ToolCaller, ToolResult, ToolSource } from "../core/ports/tool-source.ts";
import { refusedResult } from "../core/refused-result.ts";
import type { ReasonCode } from "../domain/reason-code.ts";
import { type Definition, fingerprintOf } from "./definition.ts";
import type { GatewayEntry } from "./entry.ts";
import { failureWords } from "./failure-words.ts";
import { type GatewayHealth, problemsOf } from "./health.ts";
import type { KnownTools } from "./known-tools.ts";
import { offeredName } from "./offered-name.ts";
import { offeredTool } from "./offered-tool.ts";
import { questionOf } from "./question.ts";
import { checkedResult, failure, problemOf } from "./result.ts";
import { openUpstream, type Upstream, type UpstreamDeps } from "./upstream.ts";

type ToolInput = Readonly<Record<string, unknown>>;

export interface GatewayDeps extends Omit<UpstreamDeps, "onChange"> {
  readonly gatedCalls: GatedCalls;
  readonly known: KnownTools;
}

export interface Gateway extends ToolSource {
  /** From now on these servers are behind the gate. What is unchanged stays connected. */
  use(entries: readonly GatewayEntry[]): void;
  /** How many servers there are, and what is wrong with them; words of ours. */
  health(): GatewayHealth;
  close(): Promise<void>;
}

interface FoundTool {
  readonly upstream: Upstream;
  readonly tool: string;
}

/** A call that does not get as far as a question. */
class NotAsked extends Error {
  readonly code: ReasonCode;
  constructor(code: ReasonCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function createGateway(deps: GatewayDeps): Gateway {
  const { gatedCalls, known, log } = deps;
  const listeners = new Set<() => void>();
  let upstreams: readonly Upstream[] = [];
  const closing = new Set<Promise<void>>();
  let isClosed = false;
  let told = "";

  /** Tells of what is offered where that reads differently: each call looks at its server's tools anew. */
  function changed(): void {
    const now = JSON.stringify(tools());
    if (now === told) return;
    told = now;
    for (const listener of listeners) listener();
  }

  function tools(): readonly OfferedTool[] {
    return upstreams.flatMap(({ entry, state }) =>
      entry.tools.flatMap((tool) => offeredTool(entry, tool, state(), known.find(entry.name, tool)) ?? []),
    );
  }

  function open(entry: GatewayEntry): Upstream {
    const onChange = () => void meetAll(entry, upstream).then(changed);
    const upstream = openUpstream(entry, { ...deps, onChange });
    return upstream;
  }

  async function meetAll({ name, tools }: GatewayEntry, upstream: Upstream): Promise<void> {
    const state = upstream.state();
    if (state.kind !== "up") return;
    for (const tool of tools) {
      const definition = state.tools.get(tool);
      if (definition === undefined) log.refused({ server: name, tool }, "a listed tool is not there");
      else await known.meet(name, definition);
    }
  }

  function end(upstream: Upstream): void {
    const ended = upstream.close();
    closing.add(ended);
    void ended.finally(() => closing.delete(ended));
  }

  function find(offered: string): FoundTool {
    for (const upstream of upstreams) {
      const tool = upstream.entry.tools.find((each) => offeredName(upstream.entry.name, each) === offered);
      if (tool !== undefined) return { upstream, tool };
    }
    throw new NotAsked("not_listed", `No tool of the name ${offered} is offered.`);
  }

  /** What the server says of the tool at this moment. @throws NotAsked */
  async function look({ upstream, tool }: FoundTool): Promise<Definition> {
    const { name } = upstream.entry;
    const tools = await upstream.list().catch((error: unknown) => {
      const why = error instanceof Error ? error.message : "it failed";
      throw new NotAsked(
        "failed",
        `The MCP server ${name} is down: ${why}. Nothing ran. It is started again by itself.`,
      );
    });
    const definition = tools.get(tool);
    if (definition !== undefined) return definition;
    throw new NotAsked("not_listed", `The MCP server ${name} has no tool ${tool} any longer. Nothing ran.`);
  }

  async function ask(offered: string, input: ToolInput) {
    const found = find(offered);
    const definition = await look(found);
    const { name } = found.upstream.entry;
    await known.meet(name, definition);
    const changes = known.changes(name, definition);
    return { ...found, definition, changes, question: questionOf(name, found.tool, input, changes) };
  }

  async function call(offered: string, input: ToolInput, caller: ToolCaller): Promise<ToolResult> {
    const asked = await ask(offered, input);
    const { upstream, tool, definition, changes, question } = asked;
    const { entry } = upstream;
    const { requester, project, folder, toolUseId, maxWaitMs, written } = caller;
    const gated = await gatedCalls.run<ToolResult>({
      submission: {
        ...question,
        call: { ...question.call, toolUseId },
        door: "mcp",
        requester,
        project,
        cwd: folder,
        maxWaitMs,
      },
      caller: caller.asking,
      written,
      async changed() {
        const isSame = fingerprintOf(await look(asked)) === fingerprintOf(definition);
        return isSame ? undefined : "The MCP server has changed the tool since it was asked about.";
      },
      async work({ id, signal, stopped }) {
        if (changes.length > 0) await known.accept(entry.name, definition);
        try {
          const { onProgress } = caller;
          const result = await upstream.call(tool, input, { signal: stopped, onProgress });
          return checkedResult(result, entry, definition);
        } catch (error) {
          return failure(failureWords(error, entry, { signal, stopped }), id);
        }
      },
      problemOf,
    });
    if (changes.length > 0) changed();
    return gated.kind === "ran" ? gated.result : refusedResult(gated);
  }

  return {
    tools,
    question: async (offered, input) => (await ask(offered, input)).question,
    async call(offered, input, caller) {
      try {
        return await call(offered, input, caller);
      } catch (error) {
        if (error instanceof NotAsked) return refusedResult({ code: error.code, message: error.message });
        log.error({ tool: offered, err: error }, "a call of a tool behind the gate failed");
        return failure("The approval server could not make the call. Whether it ran is in its record.");
      }
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    use(entries) {
      if (isClosed) return;
      const kept = upstreams.filter(({ entry }) => entries.some((each) => isDeepStrictEqual(each, entry)));
      for (const upstream of upstreams) if (!kept.includes(upstream)) end(upstream);
      upstreams = entries.map(
        (entry) => kept.find((upstream) => isDeepStrictEqual(upstream.entry, entry)) ?? open(entry),
      );
      changed();
    },
    health: () => ({
      servers: upstreams.length,
      problems: upstreams.flatMap((upstream) => problemsOf(upstream, known)),
    }),
    async close() {
      isClosed = true;
      for (const upstream of upstreams) end(upstream);
      upstreams = [];
      await Promise.all(closing);
    },
  };
}
