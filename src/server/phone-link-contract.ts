// What stands at the other end, as the rest of the server sees it: Twilio with a real phone, or the simulated one.
import type { TwilioClientOptions } from "../channels/twilio/client-options.ts";
import { createLateClient, type LateClient } from "../channels/twilio/late-client.ts";
import type { LiveTemplates } from "../channels/twilio/templates/live-templates.ts";
import type { QuestionLists } from "../channels/twilio/templates/question-lists.ts";
import type { TwilioTime } from "../channels/twilio/twilio-time.ts";
import type { PairedAccount } from "../config/channel-settings.ts";
import type { Home } from "../config/home.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { TemplateStore } from "../core/ports/template-store.ts";
import type { PairedChannel } from "../domain/channel.ts";
import type { OpenSimulator, RunningSimulator } from "../simulator/contract.ts";
import { whenUsed } from "./when-used.ts";

/** How long one REST call may take, ms. A send that hangs must not hold anything up. */
const REST_TIMEOUT_MS = 15_000;

export interface PhoneLink {
  readonly accountSid: string;
  readonly authTokens: readonly string[];
  /** Those that may sign webhooks; none where nothing is posted here. */
  readonly webhookTokens: readonly string[];
  /** The sender with its `whatsapp:` prefix. */
  readonly from: string;
  readonly client: LateClient;
  readonly twilioTime: TwilioTime;
  /** What the sender allows between two messages, ms. */
  readonly sendIntervalMs: number;
  /** Ports that it listens on, on this machine. */
  readonly ports: readonly number[];
  readonly templates: LiveTemplates;
  /** Absent where replies are read from a list of messages, which does not say what was picked. */
  readonly lists?: QuestionLists | undefined;
  /** The accounts of the other channels that are simulated, made for this run; absent where none is. */
  readonly pairedAccounts?: ReadonlyMap<PairedChannel, PairedAccount> | undefined;
  /** The simulated phone; absent with a real one. */
  readonly simulator?: RunningSimulator | undefined;
  close(): Promise<void>;
}

export interface PhoneLinkDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Folder of package.json. */
  readonly root: string;
  /** May have a template_config.json of the person's own. */
  readonly home: Pick<Home, "folder">;
  /** Where the simulated Twilio posts. */
  readonly webhookUrl: string;
  /** Without one, replies are read from a list that shows a button's title and not its id. */
  readonly hasWebhook: boolean;
  /** Where the templates are remembered. */
  readonly store: TemplateStore;
  /** SIDs of templates by environment variable, where the operator has named some. */
  readonly contentSids: Readonly<Record<string, string | undefined>>;
  /** Default: the simulator of src/simulator. */
  readonly openSimulator?: OpenSimulator | undefined;
}

/** Both are reached by the same client, which is loaded with its first call. */
export function openClient(options: Omit<TwilioClientOptions, "timeoutMs">): LateClient {
  const load = whenUsed(() => import("../channels/twilio/twilio-client.ts"));
  return createLateClient({ ...options, timeoutMs: REST_TIMEOUT_MS }, load);
}
