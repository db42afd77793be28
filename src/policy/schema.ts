// The form of policy.json: strict, so that a misspelt key is a problem and not a rule that is never read.
import { z } from "zod";
import { DOORS } from "../domain/tool-call.ts";

const MAX_RULES = 500;
const MAX_RULE_LENGTH = 1_000;
const MAX_MESSAGE_LENGTH = 500;

const project = z
  .string()
  .min(1, "is empty")
  .max(4_096)
  .refine((text) => /^(\/|~\/|~$)/.test(text) || !text.includes("/"), {
    error: "must be a project's name, or a folder that starts with / or ~/",
  })
  .refine((text) => !/(^|\/)\.\.?(\/|$)|[*]/.test(text), { error: "must not have . or .. or * in it" });

const group = z
  .strictObject({
    decision: z.enum(["allow", "ask", "deny"], { error: "must be allow, ask or deny" }),
    /** For who reads the file; it decides nothing. */
    about: z.string().max(MAX_MESSAGE_LENGTH).optional(),
    /** Rules in Claude Code's syntax. */
    rules: z.array(z.string().min(1, "is empty").max(MAX_RULE_LENGTH)).min(1, "has no rule").max(MAX_RULES),
    /** What Claude reads when a call is denied. */
    message: z.string().trim().min(1, "is empty").max(MAX_MESSAGE_LENGTH).optional(),
    /** Only for calls through these doors. */
    doors: z
      .array(z.enum(DOORS, { error: "must be mcp, hook, rest or phone" }))
      .min(1, "names no door: leave it out for all of them")
      .optional(),
    /** Only for calls of these projects: names, or folders with all that is below them. */
    projects: z.array(project).min(1, "names no project: leave it out for all of them").optional(),
  })
  .refine(({ decision, message }) => message === undefined || decision === "deny", {
    path: ["message"],
    error: "is only read with the decision deny",
  });

export const policySchema = z.strictObject({
  /** For editors: where the schema of this file is. */
  $schema: z.string().max(MAX_RULE_LENGTH).optional(),
  version: z.literal(1, { error: "must be 1" }),
  rules: z.array(group).max(MAX_RULES).default([]),
  /** How many people must approve what carries a warning. */
  quorum: z
    .literal(2, { error: "must be 2: two people approve what carries a warning; leave it out for one" })
    .optional(),
  /** Beyond it, everything is denied for the rest of the session. */
  max_approvals_per_session: z
    .int({ error: "must be a whole number" })
    .min(1, "must be at least 1")
    .max(100_000)
    .optional(),
});

export type PolicyGroup = z.infer<typeof group>;

/** `rules[0].decision`, from the parts of a path. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`,
    "",
  );
}
