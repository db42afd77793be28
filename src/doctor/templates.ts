// Whether the templates are in the account and up to date, and what WhatsApp says about those that were submitted.
import { ownCommand } from "../domain/own-command.ts";
import { type Check, ok, warning } from "./check.ts";

interface WantedTemplate {
  readonly key: string;
  /** What it is called at Twilio while its content is that of template_config.json. */
  readonly name: string;
  /** What its variant for WhatsApp's approval is called. */
  readonly submittedName: string;
  /** The environment variable that may name another SID, and what it names. */
  readonly variable: string;
  readonly sid?: string | undefined;
}

export interface TemplatesDeps {
  readonly wanted: readonly WantedTemplate[];
  /** Every template of the account; `isChanged`: somebody has edited there what has a name of ours. @throws DeliveryError */
  readonly list: () => Promise<
    readonly {
      readonly sid: string;
      readonly friendlyName: string;
      readonly isChanged?: boolean | undefined;
    }[]
  >;
  /** The state of WhatsApp's approval of one. @throws DeliveryError */
  readonly approval: (sid: string) => Promise<{ readonly status: string }>;
  /** Makes those that are missing, and deletes nothing. @returns their names */
  readonly create: () => Promise<readonly string[]>;
}

export function templatesCheck({ wanted, list, approval, create }: TemplatesDeps): Check {
  return {
    description: "templates",
    async run() {
      const all = await list();
      const existing = all.filter(({ isChanged }) => isChanged !== true);
      const sidByName = new Map(existing.map(({ sid, friendlyName }) => [friendlyName, sid]));
      const missing = wanted.filter(({ name }) => !sidByName.has(name));
      if (missing.length === wanted.length)
        return ok("not in the account yet: the server makes them when it starts");
      if (missing.length > 0) {
        const isChanged = ({ name }: WantedTemplate) => all.some(({ friendlyName }) => friendlyName === name);
        const groups = [
          ["not in the account", missing.filter((each) => !isChanged(each))],
          ["changed at Twilio, and not used as they are", missing.filter(isChanged)],
        ] as const;
        const detail = groups
          .filter(([, group]) => group.length > 0)
          .map(([what, group]) => `${group.length} of ${wanted.length} are ${what}: ${names(group)}`);
        return warning(
          `${detail.join("\n")}\nWithout them, requests come without buttons.`,
          `A server that starts makes them; so does ${ownCommand("setup-template")}.`,
          async () => (await create()).map((name) => `made the template ${name}`),
        );
      }
      const nameBySid = new Map(existing.map(({ sid, friendlyName }) => [sid, friendlyName]));
      const gone = wanted.filter(({ sid }) => sid !== undefined && !nameBySid.has(sid));
      if (gone.length > 0) {
        return warning(
          `SIDs that are not in the account are set: they are not used\n${gone.map(({ variable }) => variable).join(", ")}`,
          "Take them out of .env: the server finds the templates by name.",
        );
      }
      const states = await Promise.all(
        wanted.map(async (template) => {
          const sid = sidByName.get(template.submittedName);
          return { template, status: sid === undefined ? "not submitted" : (await approval(sid)).status };
        }),
      );
      const detail = `${wanted.length} are there; WhatsApp's approval: ${tally(states.map(({ status }) => status))}`;
      const refused = states.filter(({ status }) => ["rejected", "paused", "disabled"].includes(status));
      return refused.length === 0
        ? ok(detail)
        : warning(
            `${detail}\n${names(refused.map(({ template }) => template))}`,
            "See why in Twilio Console → Content Template Builder; until then requests need an open 24-hour window.",
          );
    },
  };
}

function names(templates: readonly WantedTemplate[]): string {
  return templates.map(({ key }) => key).join(", ");
}

/** "10 approved, 2 pending" */
function tally(words: readonly string[]): string {
  return [...new Set(words)]
    .map((word) => `${words.filter((each) => each === word).length} ${word}`)
    .join(", ");
}
