// Where who may approve is written, by how the server is set up: advice names the place that counts there, and no other.
import { type ChannelName, channelsText, PAIRED_CHANNELS, type PairedChannel } from "./channel.ts";
import { ownCommand } from "./own-command.ts";

export interface ApproverPlaces {
  /** Whether a file has named everybody. */
  readonly isClosed: boolean;
  /** Those in use. */
  readonly channels: readonly ChannelName[];
}

const IN_SETTING = "APPROVAL_PHONE";
const IN_FILE = "the file of APPROVERS";

/** For a text that is the same however the server is set up. */
export const NUMBERS_IN_EITHER = `${IN_SETTING}, or ${IN_FILE}`;

/** Where the numbers of those who approve are written. */
export function numbersIn({ isClosed }: Pick<ApproverPlaces, "isClosed">): string {
  return isClosed ? IN_FILE : IN_SETTING;
}

/** A sentence. @param number what is to stand there */
export function writeNumber({ isClosed }: Pick<ApproverPlaces, "isClosed">, number: string): string {
  return isClosed ? `Write the number in ${IN_FILE} as ${number}.` : `Set ${IN_SETTING} to ${number}.`;
}

/** "npm run pair -- telegram or npm run pair -- whatsapp-agent". @param more arguments behind the channel */
export function pairCommands(channels: readonly PairedChannel[], more = ""): string {
  return channels.map((name) => ownCommand(`pair ${name}${more}`)).join(" or ");
}

/** How one more person gets to approve. A sentence. */
export function anotherApprover({ isClosed, channels }: ApproverPlaces): string {
  const paired = PAIRED_CHANNELS.filter((name) => channels.includes(name));
  if (isClosed) {
    const bind = paired.length === 0 ? "" : ` A chat of theirs is bound with ${pairCommands(paired)}.`;
    return `Name one more who approves in ${IN_FILE}.${bind}`;
  }
  const ways = [
    ...(channels.includes("whatsapp") ? [`Add a number to ${IN_SETTING}`] : []),
    ...(paired.length === 0
      ? []
      : [`Bind a chat of somebody else with ${pairCommands(paired, " --as <name>")}`]),
  ];
  return `${ways.map((way, at) => (at === 0 ? way : way.charAt(0).toLowerCase() + way.slice(1))).join(", or ")}.`;
}

/** Where the first code is shown. A sentence. @param channels on which one can be shown; at least one */
export function firstCodeAdvice(channels: readonly PairedChannel[]): string {
  return `Start the server in a terminal: it shows a code that binds a chat in ${channelsText(channels, "or")}.`;
}
