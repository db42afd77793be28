// Whether the templates are set up, still there and up to date, and what WhatsApp says about those that were submitted.
import { ownCommand } from "../domain/own-command.ts";
import { type Check, failure, ok, warning } from "./check.ts";

interface WantedTemplate {
  /** The environment variable that holds the SID. */
  readonly variable: string;
  readonly sid?: string | undefined;
  /** What it is called at Twilio while its content is that of template_config.json. */
  readonly names: readonly string[];
  /** What its variant for WhatsApp's approval is called. */
  readonly submittedName: string;
}

export interface TemplatesDeps {
  readonly wanted: readonly WantedTemplate[];
  /** The templates are made by the server itself: none has to be set up. */
  readonly madeAtStart: boolean;
  /** Every template of the account. @throws DeliveryError */
  readonly list: () => Promise<readonly { readonly sid: string; readonly friendlyName: string }[]>;
  /** The state of WhatsApp's approval of one. @throws DeliveryError */
  readonly approval: (sid: string) => Promise<{ readonly status: string }>;
}

const SETUP = `Run ${ownCommand("setup-template")}, then restart the server.`;

export function templatesCheck({ wanted, madeAtStart, list, approval }: TemplatesDeps): Check {
  return {
    description: "templates",
    async run() {
      const existing = await list();
      if (madeAtStart) return ok("made by the server at its start, with the request's id in the buttons");
      const unset = wanted.filter(({ sid }) => sid === undefined);
      if (unset.length > 0) {
        return warning(
          `${unset.length} of ${wanted.length} are not set up: their requests come without buttons\n${names(unset)}`,
          SETUP,
        );
      }
      const nameBySid = new Map(existing.map(({ sid, friendlyName }) => [sid, friendlyName]));
      const gone = wanted.filter(({ sid = "" }) => !nameBySid.has(sid));
      if (gone.length > 0) {
        return failure(
          `${gone.length} of ${wanted.length} are no longer in the account\n${names(gone)}`,
          SETUP,
        );
      }
      const outdated = wanted.filter(({ sid = "", names }) => !names.includes(nameBySid.get(sid) ?? ""));
      if (outdated.length > 0) {
        return warning(
          `${outdated.length} of ${wanted.length} are older than template_config.json\n${names(outdated)}`,
          SETUP,
        );
      }
      const sidByName = new Map(existing.map(({ sid, friendlyName }) => [friendlyName, sid]));
      const states = await Promise.all(
        wanted.map(async (template) => {
          const sid = sidByName.get(template.submittedName);
          return { template, status: sid === undefined ? "not submitted" : (await approval(sid)).status };
        }),
      );
      const detail = `${wanted.length} are there; WhatsApp's approval: ${tally(states.map(({ status }) => status))}`;
      const refused = states.filter(({ status }) => ["rejected", "paused", "disabled"].includes(status));
      if (refused.length > 0) {
        return warning(
          `${detail}\n${names(refused.map(({ template }) => template))}`,
          "See why in Twilio Console → Content Template Builder; until then requests need an open 24-hour window.",
        );
      }
      const unused = states.filter(
        ({ template, status }) =>
          status === "approved" && nameBySid.get(template.sid ?? "") !== template.submittedName,
      );
      return unused.length === 0
        ? ok(detail)
        : warning(
            `${detail}, ${unused.length} of them not used yet`,
            `Run ${ownCommand("setup-template --submit")}, then restart the server.`,
          );
    },
  };
}

function names(templates: readonly WantedTemplate[]): string {
  return templates.map(({ variable }) => variable).join(", ");
}

/** "10 approved, 2 pending" */
function tally(words: readonly string[]): string {
  return [...new Set(words)]
    .map((word) => `${words.filter((each) => each === word).length} ${word}`)
    .join(", ");
}
