// Looking through a call and writing it out, for whichever channel: small ones at once, large ones in a thread of their own, one after
// the other and for a limited time. What was not looked through to its end is never shown: it is denied.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Clock } from "../core/ports/clock.ts";
import { type Inspector, NotInspectedError } from "../core/ports/inspector.ts";
import { withDeadline } from "../core/timing.ts";
import type { ApprovalRequest } from "../domain/approval.ts";
import type { ChannelName } from "../domain/channel.ts";
import { DeliveryError } from "../domain/errors.ts";
import type { Inspection } from "../domain/inspection.ts";
import type { InspectorOptions } from "../inspection/inspector.ts";
import { createLookThread, TooLongError } from "./look-thread.ts";
import type { RenderOptions, WrittenOut } from "./renderers.ts";
import { isSmall } from "./small-call.ts";
import { PartError, watchFiles, whenUsed } from "./when-used.ts";

/** For one call, waiting for those before it included, ms. */
const LIMIT_MS = 4_000;
/** Until what looks is loaded, in this thread or in its own, ms. Together with `LIMIT_MS` below the limit of core/safe-inspection.ts. */
const START_LIMIT_MS = 10_000;

export interface Look {
  readonly inspector: Inspector;
  /** How a channel has its requests written out. @returns rejects with a DeliveryError where it takes too long */
  rendererOf<Name extends ChannelName>(
    channel: Name,
  ): (request: ApprovalRequest) => Promise<WrittenOut<Name>>;
  close(): void;
}

export interface LookOptions extends InspectorOptions {
  readonly clock: Clock;
  /** Default: no reaction decides anything. */
  readonly rendering?: RenderOptions | undefined;
  /** The built file of the thread. Default: beside this file, where it is built; sources have none, and look at all at once. */
  readonly workerFile?: URL | undefined;
  /** Default: 4 s. */
  readonly limitMs?: number | undefined;
  /** How long what looks may take to be loaded. Default: 10 s. */
  readonly startLimitMs?: number | undefined;
  /** Brings what looks at small calls and writes them out. Default: their import. */
  readonly loadParts?: typeof loadParts | undefined;
}

const LOADING = "The approval server is still loading what looks at calls: try again.";

/** The largest part of this program: its tables, and the parsers. */
async function loadParts() {
  const [{ createInspector }, { render }] = await Promise.all([
    import("../inspection/inspector.ts"),
    import("./renderers.ts"),
  ]);
  return { createInspector, render };
}

const PLAIN: RenderOptions = { hasReactions: false };

export function createLook(lookOptions: LookOptions): Look {
  const { clock, workerFile, loadParts: load = loadParts, rendering = PLAIN, ...rest } = lookOptions;
  const { limitMs = LIMIT_MS, startLimitMs = START_LIMIT_MS, ...inspecting } = rest;
  const file = workerFile ?? builtFile();
  const assertUnchanged = watchFiles();
  let loaded: Awaited<ReturnType<typeof parts>> | undefined;
  const parts = whenUsed(async () => {
    const { createInspector, render } = await load();
    return { inspector: createInspector(inspecting), render };
  }, assertUnchanged);
  const data = { inspecting, rendering };
  const limits = { limitMs, startLimitMs, assertUnchanged, clock };
  const thread = file === undefined ? undefined : createLookThread({ file, data, ...limits });

  /** A call that was not looked at is never shown: without them it is denied. */
  async function small() {
    const reason = () => new PartError(LOADING);
    loaded ??= await withDeadline(startLimitMs, parts, { clock, reason });
    return loaded;
  }

  return {
    inspector: {
      async inspect(call, cwd) {
        if (thread !== undefined && !isSmall(call))
          return thread.run<Inspection>({ kind: "inspect", call, cwd }).catch(notInspected);
        const { inspector } = await small().catch(notInspected);
        return inspector.inspect(call, cwd);
      },
    },
    rendererOf: (channel) => async (request) => {
      const task = { channel, request };
      if (thread !== undefined && !isSmall(request.inspection.shown))
        return thread.run<WrittenOut<typeof channel>>({ kind: "render", ...task }).catch(notRendered);
      const { render } = await small().catch(notRendered);
      return render(task, rendering);
    },
    close() {
      thread?.close();
    },
  };
}

function notInspected(cause: unknown): never {
  if (cause instanceof PartError)
    throw new NotInspectedError("what looks at calls is not there", { said: cause.message, cause });
  if (cause instanceof TooLongError)
    throw new NotInspectedError("the call could not be looked through in time", { cause });
  const said = "the call could not be looked through; try again, or split it into smaller ones.";
  throw new NotInspectedError("the call could not be looked through", { said, cause });
}

function notRendered(cause: unknown): never {
  const [message, advice] = whyNot(cause);
  throw new DeliveryError(message, advice, undefined, { cause });
}

function whyNot(cause: unknown): readonly [message: string, advice: string] {
  if (cause instanceof PartError) return ["The call could not be written out.", cause.message];
  const inTime = cause instanceof TooLongError ? " in time" : "";
  return [`The call could not be written out${inTime}.`, "Ask Claude to split it into smaller ones."];
}

function builtFile(): URL | undefined {
  const file = new URL("./look-worker.js", import.meta.url);
  return existsSync(fileURLToPath(file)) ? file : undefined;
}
