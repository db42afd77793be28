// Looks at a call before a person does: masks its secrets, names its risks, and finds the narrowest rule for a session.
import type { Inspector } from "../core/ports/inspector.ts";
import type { HostPaths } from "../shell/protected-file.ts";
import { SHELL_TOOLS } from "../shell/shell-tools.ts";
import { fileWarnings } from "./file-warning.ts";
import { findPlan } from "./plan-file.ts";
import { createSecretMasker } from "./secrets.ts";
import { sessionRule } from "./session-rule.ts";
import { createShellInspector } from "./shell-risk.ts";

export interface InspectorOptions extends HostPaths {
  readonly ownPorts: readonly number[];
}

export function createInspector(options: InspectorOptions): Inspector {
  const masker = createSecretMasker();
  const shell = createShellInspector(options);
  return {
    async inspect(call, cwd) {
      const plan = await findPlan(call, { home: options.home, cwd });
      const { value: input, count, checked } = masker.maskValue(plan.call.input);
      const { command } = call.input;
      const isShell = SHELL_TOOLS.has(call.toolName) && typeof command === "string";
      const session = sessionRule(call, { ...options, shell, cwd });
      return {
        shown: { ...call, input },
        secrets: checked ? count : undefined,
        warnings: [
          ...plan.warnings,
          ...(isShell ? shell.inspect(command, cwd).texts : fileWarnings(call, { ...options, cwd })),
        ],
        ...(session === undefined ? {} : { session }),
      };
    },
  };
}
