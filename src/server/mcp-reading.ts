// What MCP clients read beside the tools, put together: requests that are held for them, the record, changes.
import type { Gate } from "../core/gate-contract.ts";
import type { ModeKeeper } from "../core/mode.ts";
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Inspector } from "../core/ports/inspector.ts";
import type { PolicyDrafter } from "../core/ports/policy-drafter.ts";
import type { PolicyView } from "../core/ports/policy-view.ts";
import { createDesk } from "../doors/held/desk.ts";
import type { HeldResults } from "../doors/held/held-results.ts";
import type { Approvals } from "../doors/mcp/approvals.ts";
import { KEEP_ALIVE_MS } from "../doors/mcp/mcp-door.ts";
import type { News } from "../doors/mcp/resources/news.ts";
import { createReadable, type Readable } from "../doors/mcp/resources/read-resources.ts";
import { createSubscriptions, type Subscriptions } from "../doors/mcp/resources/subscriptions.ts";
import { createPolicyDrafter } from "../policy/draft/create-drafter.ts";
import type { PolicyContext } from "../policy/policy-context.ts";

export interface McpReadingDeps {
  readonly gate: Gate;
  readonly mode: Pick<ModeKeeper, "current">;
  readonly store: ApprovalStore;
  readonly policyView: () => PolicyView;
  readonly policyContext: PolicyContext;
  readonly inspector: Inspector;
  readonly heldResults: HeldResults;
  readonly news: News;
  readonly clock: Clock;
  /** The longest that a request may wait, ms. */
  readonly timeoutMs: number;
}

interface McpReading {
  readonly approvals: Approvals;
  readonly readable: Readable;
  readonly drafter: PolicyDrafter;
  readonly subscriptions: Subscriptions;
}

export function openMcpReading(deps: McpReadingDeps): McpReading {
  const { heldResults, news, clock } = deps;
  const desk = createDesk({ ...deps, door: "mcp" });
  const approvals = { heldResults, desk, clock };
  return {
    approvals,
    readable: createReadable({ ...deps, approvals }),
    drafter: createPolicyDrafter({ ...deps, context: deps.policyContext }),
    subscriptions: createSubscriptions({ bus: news, clock, keepAliveMs: KEEP_ALIVE_MS }),
  };
}
