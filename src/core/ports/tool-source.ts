// Tools that this server offers to MCP clients and runs itself, each call behind the gate: where they come from, and how they
// are called. The forms are MCP's own, handed through as they are.
import type { Submission } from "../../domain/submission.ts";
import type { ToolHints } from "../../domain/tool-hints.ts";
import type { Caller } from "../pending-request.ts";

type Json = Readonly<Record<string, unknown>>;

export interface OfferedTool {
  /** Unique among all that is offered: `server__tool`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema of an object. What comes in is not checked against it on the way: the source does, or the tool. */
  readonly inputSchema: Json;
  readonly outputSchema?: Json | undefined;
  readonly hints: ToolHints;
  readonly meta?: Json | undefined;
}

export interface ToolProgress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

/** Who calls, as far as the door knows. */
export interface ToolCaller {
  /** What the gate is to know of it while a person is asked. */
  readonly asking: Caller;
  /** Aborts when the caller has gone or gives up. */
  readonly signal: AbortSignal;
  /** Takes the tool's own progress, once it runs. Absent where the caller did not ask for progress. */
  readonly onProgress?: ((progress: ToolProgress) => void) | undefined;
  /** Name of its token. */
  readonly requester?: string | undefined;
  readonly project?: string | undefined;
  /** The folder that it works in, absolute. */
  readonly folder?: string | undefined;
  /** Claude Code's id of the call. */
  readonly toolUseId?: string | undefined;
  /** How long it waits for a person, ms; undefined where only the server's own limit holds. */
  readonly maxWaitMs?: number | undefined;
  /** Resolves true when the answer was handed to the system in full, false when the connection broke before. */
  readonly written: Promise<boolean>;
}

/** MCP's CallToolResult. */
export interface ToolResult {
  readonly content: readonly Json[];
  readonly structuredContent?: Json | undefined;
  readonly isError?: boolean | undefined;
  readonly _meta?: Json | undefined;
}

/** What a person is asked about a call: it may show more than the tool's input. */
export type ToolQuestion = Pick<Submission, "call" | "warnings" | "asksAlways">;

export interface ToolSource {
  /** What is offered now. */
  tools(): readonly OfferedTool[];
  /**
   * What `call` would ask about this input now, for Claude Code's permission step, which comes before it: what was approved
   * there is not asked again where the call's submission has the same. Default: the tool's name as Claude Code has it
   * (`ownToolName`), and the input.
   * @param requester name of the caller's token
   */
  question?(name: string, input: Json, requester: string | undefined): Promise<ToolQuestion>;
  /** Calls one of them. Asks the gate first. Never rejects: what goes wrong is a result that is an error. */
  call(name: string, input: Json, caller: ToolCaller): Promise<ToolResult>;
  /** @param listener is told when what is offered has changed. @returns ends that */
  onChange(listener: () => void): () => void;
}
