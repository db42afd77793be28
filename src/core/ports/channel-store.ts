// What a channel must still know after a restart: where it has read to. Every method may reject: the disk can be full.
import type { ChannelName } from "../../domain/channel.ts";

export interface ChannelStore {
  /** @returns the text that was kept last, as it was given: an offset can be larger than a number holds */
  channelPosition(channel: ChannelName): Promise<string | undefined>;
  keepChannelPosition(channel: ChannelName, position: string): Promise<void>;
}
