// Looks at a call before a person does: masks its secrets, names its risks, and says what a grant for it would cover.
import type { Inspector } from "../core/ports/inspector.ts";
import { toolNotes } from "../domain/tools/tools.ts";
import type { HostPaths } from "../shell/protected-file.ts";
import { runsShellCommand } from "../shell/shell-tools.ts";
import { fileWarnings } from "./file-warning.ts";
import { grantableOf } from "./grantable.ts";
import { maskedChange } from "./masked-change.ts";
import { findPlan } from "./plan-file.ts";
import { powershellWarnings } from "./powershell.ts";
import { createReplacedFileReader } from "./replaced-file.ts";
import { createSecretMasker } from "./secrets.ts";
import { createShellInspector } from "./shell-risk.ts";

export interface InspectorOptions extends HostPaths {
  readonly ownPorts: readonly number[];
  /** The approval server's own secrets, by value. */
  readonly ownSecrets?: readonly string[] | undefined;
}

export function createInspector(options: InspectorOptions): Inspector {
  const masker = createSecretMasker(undefined, options.ownSecrets);
  const shell = createShellInspector(options);
  const readReplacedFile = createReplacedFileReader();
  return {
    async inspect(call, cwd) {
      const plan = await findPlan(call, { home: options.home, cwd });
      const replaced = await readReplacedFile(call, { ...options, cwd });
      const { value: input, count, checked, hasOwn } = masker.maskCall(plan.call);
      const { command } = call.input;
      const isShell = runsShellCommand(call.toolName) && typeof command === "string";
      const report = isShell ? shell.inspect(command, cwd) : undefined;
      const grantable = await grantableOf(call, { ...options, report, cwd });
      return {
        shown: { ...call, input },
        ...maskedChange(masker, call, input, replaced),
        secrets: checked ? count : undefined,
        warnings: [
          ...(hasOwn ? ["contains the approval server's own secret"] : []),
          ...plan.warnings,
          ...toolNotes(call),
          ...(report === undefined ? fileWarnings(call, { ...options, cwd }) : report.texts),
          ...(call.toolName === "PowerShell" ? powershellWarnings(String(command)) : []),
        ],
        ...(grantable === undefined ? {} : { grantable }),
      };
    },
  };
}
