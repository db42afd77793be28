// What the server needs to start, and what whoever starts it gets.
import type { Home } from "../config/home.ts";
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Journal } from "../core/ports/journal.ts";
import type { Log } from "../core/ports/log.ts";
import type { Processes } from "../core/ports/processes.ts";
import type { TaskRunner } from "../core/ports/task-runner.ts";
import type { ApprovalRequest } from "../domain/approval.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { OpenSimulator, RunningSimulator } from "../simulator/contract.ts";
import type { StoreOptions } from "../store/live-database.ts";
import type { OpenChannel } from "./channels.ts";
import type { FirstPairing } from "./first-pairing.ts";
import type { PortLimits } from "./port-limits.ts";

export interface ApprovalServer {
  /** `http://127.0.0.1:8000` */
  readonly localUrl: string;
  /** Where Twilio posts; what goes into its console. */
  readonly webhookUrl: string;
  /** Whether Twilio can post there; otherwise replies are read from its list of messages. */
  readonly hasWebhook: boolean;
  /** The simulated phone; absent with a real one. */
  readonly simulator: RunningSimulator | undefined;
  /** Templates that are not known yet, by key: their requests go out without buttons. */
  readonly missingTemplates: readonly string[];
  /** Shows a code for the first approver, where nobody may approve yet. */
  readonly firstPairing: FirstPairing;
  /** What waits, oldest first. */
  waiting(): readonly ApprovalRequest[];
  /** Denies what waits, then closes everything. Safe to call twice. */
  close(): Promise<void>;
}

export interface ServerDeps {
  readonly log: Log;
  readonly version: string;
  /** Where the settings and the data live. Default: the current folder. */
  readonly home?: Home | undefined;
  /** SIDs of templates that the operator has named, by variable: the environment. */
  readonly contentSids?: Readonly<Record<string, string | undefined>> | undefined;
  /** Told, masked, what becomes of requests. */
  readonly journals?: readonly Journal[] | undefined;
  readonly clock?: Clock | undefined;
  /** Without it, no program is run for a caller. */
  readonly processes?: Processes | undefined;
  /** Of the two ports. Default: what port-limits.ts says. */
  readonly portLimits?: { readonly local?: PortLimits; readonly public?: PortLimits } | undefined;
  readonly newId?: (() => ApprovalId) | undefined;
  /** Between two messages, ms. Default: what the sender allows. */
  readonly sendIntervalMs?: number | undefined;
  readonly openStore?: ((path: string, options: StoreOptions) => ApprovalStore) | undefined;
  /** Makes the channels beside Twilio's. Default: the real ones. */
  readonly openChannel?: OpenChannel | undefined;
  readonly openSimulator?: OpenSimulator | undefined;
  /** Runs tasks for the phone. Default: tasks are off. */
  readonly taskRunner?: TaskRunner | undefined;
}
