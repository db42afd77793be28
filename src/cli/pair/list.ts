// `npm run pair -- --list`: who is asked, and where.
import { channelOf } from "../../domain/channel.ts";
import { count, phoneText } from "../../domain/names.ts";
import { personText } from "../../domain/pairing-notice.ts";
import type { Person } from "../../domain/person.ts";
import type { Phone } from "../../domain/tool-call.ts";
import { visibleLine } from "../../domain/visible.ts";
import type { CommandContext } from "../command.ts";
import { EXIT } from "../exit.ts";
import { readClientConfig } from "../settings.ts";
import { readPeople } from "./known.ts";

export async function list(isJson: boolean, context: CommandContext): Promise<number> {
  const { home, clock, out } = context;
  const { people, uncounted } = await readPeople(await readClientConfig(context), home, clock);
  const shown = people.all().map(({ name, role, addresses }) => ({
    person: visibleLine(personText(name)),
    role,
    addresses: addresses.map(addressText),
  }));
  if (isJson) {
    out(`${JSON.stringify({ people: shown, uncounted })}\n`);
    return EXIT.ok;
  }
  for (const each of shown) out(`${personLine(each)}\n`);
  if (people.approving().length === 0) out("Nobody may approve yet.\n");
  if (uncounted > 0)
    out(
      `${count(uncounted, "binding")} in the database ${uncounted === 1 ? "counts" : "count"} for nothing: made with another key, or by somebody else.\n`,
    );
  return EXIT.ok;
}

function personLine({ person, role, addresses }: Omit<Person, "name" | "addresses"> & PersonRow): string {
  const does = role === "approve" ? "may approve" : "is told";
  return `${person} ${does}: ${addresses.length === 0 ? "nowhere yet" : addresses.join(", ")}`;
}

interface PersonRow {
  readonly person: string;
  readonly addresses: readonly string[];
}

/** Of a bound one the whole: by it, it is found in the database. */
function addressText(address: Phone): string {
  return visibleLine(channelOf(address) === "whatsapp" ? `WhatsApp ${phoneText(address)}` : address);
}
