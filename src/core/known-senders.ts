// Who may approve, over all channels: a number or id of Twilio's WhatsApp as `approvers.ts` knows it, an address of another channel as it
// was bound. Whoever may only be told is nobody here.
import { channelOf } from "../domain/channel.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { Approvers } from "./approvers.ts";
import type { People } from "./people.ts";

export function overAllChannels(whatsapp: Approvers, people: People): Approvers {
  const addressOf = (sender: string) =>
    channelOf(sender) === "whatsapp" ? whatsapp.find(sender) : (sender as Phone);
  return {
    ...whatsapp,
    get phones() {
      return people.toTell();
    },
    phonesOf: people.toTellOf,
    mayDecide: people.mayDecide,
    nameOf: people.nameOf,
    onlyTold(sender) {
      const address = addressOf(sender);
      return address !== undefined && people.personOf(address)?.role === "notify" ? address : undefined;
    },
    find(sender) {
      const address = addressOf(sender);
      return address !== undefined && people.mayApprove(address) ? address : undefined;
    },
    isCertain: (sender) => channelOf(sender) !== "whatsapp" || whatsapp.isCertain(sender),
    adviceFor: (sender) => (channelOf(sender) === "whatsapp" ? whatsapp.adviceFor(sender) : undefined),
  };
}
