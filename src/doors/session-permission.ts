// An allow for the session as Claude Code reads it, the same through the permission tool and the hook.
import type { PermissionRule } from "../domain/inspection.ts";

/** The part of an answer that spares the person the same question; empty without a rule. Ends with the session. */
export function sessionPermission(rule: PermissionRule | undefined): object {
  if (rule === undefined) return {};
  return {
    updatedPermissions: [{ type: "addRules", rules: [rule], behavior: "allow", destination: "session" }],
  };
}
