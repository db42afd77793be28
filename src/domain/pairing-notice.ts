// What phones are told of addresses that may approve from now on.
import { foreign, type Line, line, text } from "./text.ts";

/** `channel`: its title. */
export type PairingNotice =
  /** To the new address. */
  | { readonly kind: "paired"; readonly channel: string }
  /** To everybody else. `person`: a name from the settings or the command line. */
  | { readonly kind: "approver-added"; readonly channel: string; readonly person: string };

export function pairingLines(notice: PairingNotice): readonly Line[] {
  if (notice.kind === "paired")
    return [line("✅ This chat may approve from now on. Requests come here; HELP lists what you can write.")];
  return [
    line(
      text`⚠️ A new address may approve from now on: ${notice.channel}, for ${foreign("project", notice.person)}. If that was nobody you know: PANIC, then approval-server pair --list`,
    ),
  ];
}
