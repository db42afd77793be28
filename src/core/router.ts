// The way out over every channel: whom a request is for, in which order they are asked, and what is told where. Each channel sends what it
// is told to its own addresses.
import type { ApprovalRequest } from "../domain/approval.ts";
import { type ChannelName, channelOf, channelsAmong } from "../domain/channel.ts";
import { DeliveryError } from "../domain/errors.ts";
import { phoneText } from "../domain/names.ts";
import type { SettledRequest } from "../domain/settled-request.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import { type Escalation, escalate } from "./escalation.ts";
import { nobodyAtAll, nobodyForProject } from "./nobody.ts";
import type { People } from "./people.ts";
import type { Clock } from "./ports/clock.ts";
import type { EventLog } from "./ports/event-log.ts";
import type { Log } from "./ports/log.ts";
import type { AskOptions, Messenger } from "./ports/messenger.ts";
import type { PartSender } from "./ports/part-sender.ts";

export interface RouterDeps {
  readonly channels: ReadonlyMap<ChannelName, Messenger & PartSender>;
  readonly people: People;
  /** How long nobody answers until the next address is tried, ms; 0: all at once. */
  readonly escalateAfterMs: number;
  readonly events: Pick<EventLog, "note">;
  /** Whether anything that was sent waits for an answer. Must not throw. */
  readonly onChange: (hasWaiting: boolean) => void;
  /** Must not throw. */
  readonly onEnded: (settled: SettledRequest) => void;
  /** A request is about to be sent to those who are asked. Must not throw. */
  readonly onAsked?: ((request: ApprovalRequest) => void) | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export function createRouter(deps: RouterDeps): Messenger & PartSender {
  const { channels, people, escalateAfterMs, events, onChange, onEnded, onAsked, clock, log } = deps;
  const open = new Map<ApprovalId, Escalation>();

  function on(channel: ChannelName): Messenger & PartSender {
    const found = channels.get(channel);
    if (found === undefined)
      throw new DeliveryError("That channel is not in use.", "See CHANNELS in the settings.");
    return found;
  }

  function noteNext(requestId: ApprovalId, from: Phone, to: Phone, error: DeliveryError | undefined): void {
    const [before, next] = [channelOf(from), channelOf(to)];
    const why = error?.message ?? "nobody has answered";
    log.warn({ id: requestId, from: before, to: next, why }, "a request goes on over the next channel");
    events
      .note({ kind: "rerouted", requestId, data: { from: before, to: next, why } })
      .catch((err: unknown) => log.error({ err }, "the change of channel could not be noted"));
  }

  return {
    async ask(request, options) {
      const { id, project } = request;
      const asked = people.askedFor(project);
      const used = [...channels.keys()];
      const nobody = nobodyAtAll(people, used);
      if (asked.length === 0 && nobody === undefined) throw nobodyForProject(people, project, used);
      const { signal, onSent, onHopeless = () => {} } = options;
      const rendered = strictest(options.onRendered);
      const escalation = escalate({
        people: asked,
        askOn: (channel, to, told) =>
          on(channel).ask(request, { ...options, ...told, to, onRendered: rendered(channel) }),
        afterMs: escalateAfterMs,
        nobody,
        beginAt: open.get(id)?.tried(),
        signal,
        onSent,
        onNext: (from, to, error) => noteNext(id, from, to, error),
        onHopeless,
        clock,
      });
      open.set(id, escalation);
      onChange(true);
      onAsked?.(request);
      return escalation.begun;
    },
    over({ id, project }) {
      const first = escalateAfterMs === 0 ? undefined : 1;
      const to = people.askedFor(project).flatMap(({ addresses }) => addresses.slice(0, first));
      return open.get(id)?.channels() ?? channelsAmong(to);
    },
    lost: (id, to, error) => open.get(id)?.lost(to, error) ?? false,
    ended(settled) {
      if (open.delete(settled.request.id)) onChange(open.size > 0);
      onEnded(settled);
    },
    async more(request, options) {
      return on(channelOf(options.to)).more(request, options);
    },
    async tell(to, notice) {
      const others = people.personOf(to)?.addresses.filter((address) => address !== to) ?? [];
      let first: unknown;
      for (const address of [to, ...others]) {
        try {
          return await on(channelOf(address)).tell(address, notice);
        } catch (error) {
          first ??= error;
          if (!(error instanceof DeliveryError)) break;
          log.warn({ to: phoneText(address), err: error }, "a message goes to the person's next address");
        }
      }
      throw first;
    },
  };
}

/** Over several channels the message that shows least counts: nobody allows for long what they may not have seen. */
function strictest(onRendered: AskOptions["onRendered"]): (channel: ChannelName) => AskOptions["onRendered"] {
  const byChannel = new Map<ChannelName, Parameters<AskOptions["onRendered"]>[0]>();
  return (channel) => (message) => {
    byChannel.set(channel, message);
    const all = [...byChannel.values()];
    onRendered({
      offersSession: all.every(({ offersSession }) => offersSession),
      hidden: Math.max(...all.map(({ hidden }) => hidden)),
    });
  };
}
