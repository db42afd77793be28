// What MCP clients are told of as it happens. Kept from the start: it hears of every request, whether anybody listens or not.
import type { ModeKeeper } from "../core/mode.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { PolicyView } from "../core/ports/policy-view.ts";
import { createNews, type News } from "../doors/mcp/resources/news.ts";

interface NewsDeps {
  readonly mode: Pick<ModeKeeper, "current">;
  readonly policyView: () => PolicyView;
  readonly clock: Clock;
  readonly log: Log;
}

/** Hears of every request; of the mode and the policy while somebody listens. */
export function openNews({ mode, policyView, clock, log }: NewsDeps): News {
  return createNews(() => JSON.stringify([mode.current(), policyView()]), clock, log);
}
