// What Claude Code itself may do without asking, and what it may never do, by the settings that count in every session.
import { whyTooBroad } from "../../policy/lint.ts";
import type { PolicyContext } from "../../policy/policy-context.ts";
import { readRuleText } from "../../policy/rule-text.ts";
import { type ClaudePlaces, readClaudeSettings } from "./claude-settings.ts";
import { missingRules, settingsText } from "./deny-rules.ts";
import { done, type HardenStep, toDo } from "./step.ts";

/** In these modes calls run that nobody was asked about. */
const UNASKED_MODES: ReadonlySet<string> = new Set(["acceptEdits", "auto", "bypassPermissions", "dontAsk"]);
const MAX_SHOWN = 5;

export function denyRulesStep(claude: ClaudePlaces, rules: readonly string[]): HardenStep {
  return {
    id: "deny-rules",
    title: "Claude Code's own rules deny the server's files, ports and commands",
    why: "they stop Claude's tools and the usual commands (cat, cp, sed, curl) before anybody is asked; a program that opens the file by itself (node, python) they do not stop: that takes a user of its own",
    async look() {
      const files = await readClaudeSettings(claude);
      const missing = missingRules(
        rules,
        files.flatMap(({ deny }) => deny),
      );
      if (missing.length > 0) {
        const shown = missing.slice(0, MAX_SHOWN).join(", ");
        const more = missing.length > MAX_SHOWN ? ` and ${missing.length - MAX_SHOWN} more` : "";
        return toDo(`${missing.length} of ${rules.length} rules are missing: ${shown}${more}`, [
          `Merge this into ${claude.managed} (root's: Claude's user cannot take it out again), or else into ${claude.user}:`,
          ...settingsText(missing),
        ]);
      }
      const byMachine = missingRules(
        rules,
        files.filter(({ isManaged }) => isManaged).flatMap(({ deny }) => deny),
      );
      return byMachine.length === 0
        ? done(`all ${rules.length} in ${claude.managed}`)
        : done(
            `all ${rules.length}, not all of them in ${claude.managed}: who can write ${claude.user} can take them out`,
          );
    },
  };
}

export function allowRulesStep(claude: ClaudePlaces, context: PolicyContext): HardenStep {
  return {
    id: "allow-rules",
    title: "Claude Code's own rules allow nothing broad",
    why: "what they allow never reaches the phone",
    async look() {
      const files = await readClaudeSettings(claude);
      const broad = files.flatMap(({ path, allow }) =>
        allow.flatMap((text) => {
          const rule = readRuleText(text);
          const problem = typeof rule === "string" ? rule : whyTooBroad(rule, context);
          return problem === undefined ? [] : [`${path}: allow ${text} ${problem}`];
        }),
      );
      const modes = files.flatMap(({ path, defaultMode }) =>
        defaultMode !== undefined && UNASKED_MODES.has(defaultMode)
          ? [`${path}: defaultMode is ${defaultMode}: calls run that nobody was asked about`]
          : [],
      );
      const found = [...broad, ...modes];
      return found.length === 0
        ? done()
        : toDo(found, ["Take these out of the file, or name exact commands, folders and hosts instead."]);
    },
  };
}
