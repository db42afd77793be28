// What phones are told of addresses that may approve from now on, or may no longer.
import { phoneText } from "./names.ts";
import { foreign, type Line, line, text } from "./text.ts";

/** The tool's name under which approvers are asked whether another address may be bound. */
export const PAIR_TOOL = "pair_approver";

/** `channel`: its title. `decides`: whether the address may approve; otherwise it is only told. */
export type PairingNotice =
  /** To the new address. */
  | { readonly kind: "paired"; readonly channel: string; readonly decides: boolean }
  /** To everybody else. `person`: a name from the settings or the command line. */
  | {
      readonly kind: "approver-added";
      readonly channel: string;
      readonly person: string;
      readonly decides: boolean;
    }
  /** To everybody else. `why`: words of ours, without a full stop. */
  | {
      readonly kind: "approver-lost";
      readonly channel: string;
      readonly person: string;
      readonly why: string;
    };

export function isPairingNotice<Notice extends { readonly kind: string }>(
  notice: Notice,
): notice is Notice & PairingNotice {
  return ["paired", "approver-added", "approver-lost"].includes(notice.kind);
}

export function pairingLines(notice: PairingNotice): readonly Line[] {
  if (notice.kind === "paired")
    return [
      line(
        notice.decides
          ? "✅ This chat may approve from now on. Requests come here; HELP lists what you can write."
          : "✅ This chat is told what happens from now on. It decides nothing.",
      ),
    ];
  const whose = text`${notice.channel}, for ${foreign("project", personText(notice.person))}`;
  if (notice.kind === "approver-lost")
    return [line(text`⚠️ An address gets no more requests or news: ${whose}. Why: ${notice.why}`)];
  const may = notice.decides ? "may approve" : "is told of requests";
  return [
    line(
      text`⚠️ A new address ${may} from now on: ${whose}. If that was nobody you know: PANIC, then approval-server pair --list`,
    ),
  ];
}

/** Who has no name goes by a number, which nobody else need read. */
export function personText(name: string): string {
  return /^\+\d+$/.test(name) ? phoneText(name) : name;
}
