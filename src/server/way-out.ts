// The way out to the phones: what sends, and what it is told to send, both counted.
import { createMessenger } from "../channels/twilio/send/messenger.ts";
import { createOutbound, type Outbound } from "../channels/twilio/send/outbound.ts";
import type { People } from "../core/people.ts";
import type { Channel } from "../core/ports/channel.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { MessageNote } from "../core/ports/correspondence-store.ts";
import type { EventLog } from "../core/ports/event-log.ts";
import type { Log } from "../core/ports/log.ts";
import type { Messenger } from "../core/ports/messenger.ts";
import type { PartSender } from "../core/ports/part-sender.ts";
import { createRouter, type Router, type RouterDeps } from "../core/router.ts";
import type { ChannelName } from "../domain/channel.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { Guards } from "./guards.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { PhoneLink } from "./phone-link-contract.ts";

export interface WayOutDeps {
  readonly link: PhoneLink;
  /** Those beside Twilio's. */
  readonly channels: readonly Channel[];
  readonly people: People;
  readonly escalateAfterMs: number;
  readonly events: Pick<EventLog, "note">;
  readonly onChange: RouterDeps["onChange"];
  readonly onEnded: RouterDeps["onEnded"];
  readonly onAsked: RouterDeps["onAsked"];
  readonly approvers: readonly Phone[];
  /** Where Twilio reports the fate of a message; asked for each. */
  readonly statusCallback: () => string | undefined;
  /** Between two messages, ms. Default: what the sender allows. */
  readonly intervalMs?: number | undefined;
  readonly rendererOf: Guards["rendererOf"];
  /** Told of each message that was taken. */
  readonly onTaken: (note: MessageNote) => void;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
}

export interface WayOut {
  readonly outbound: Outbound;
  readonly messenger: Messenger & PartSender;
  readonly isAsked: Router["isAsked"];
}

export function openWayOut(deps: WayOutDeps): WayOut {
  const { link, metrics, intervalMs = link.sendIntervalMs } = deps;
  const { client, twilioTime, from, templates, lists } = link;
  const api = client.messages;
  const sending = {
    ...deps,
    api,
    from,
    twilioNow: twilioTime.now,
    intervalMs,
    onTemplateGone: templates.gone,
  };
  const outbound = metrics.watchOutbound(createOutbound(sending));
  const whatsapp = createMessenger({
    ...deps,
    outbound,
    templates,
    lists,
    render: deps.rendererOf("whatsapp"),
  });
  const channels = new Map<ChannelName, Messenger & PartSender>(
    deps.channels.map(({ name, messenger }) => [name, messenger]),
  );
  if (deps.approvers.length > 0) channels.set("whatsapp", whatsapp);
  const router = createRouter({ ...deps, channels });
  return { outbound, messenger: metrics.watchMessenger(router), isAsked: router.isAsked };
}
