// Step 5: the messages with buttons. They are made once in the Twilio account, and found again by every later run.
import { readFile } from "node:fs/promises";
import { ensureTemplates } from "../../channels/twilio/templates/ensure-templates.ts";
import {
  parseTemplateConfig,
  TEMPLATE_CONFIG_FILE,
  withIdInTitles,
} from "../../channels/twilio/templates/template-config.ts";
import { ownOrPackaged } from "../../config/home.ts";
import { settingOf } from "./draft.ts";
import { checked, deskOf, type SetupStep } from "./workshop.ts";

export const templatesStep: SetupStep = {
  name: "templates",
  async run(workshop, progress) {
    const { tell, home, context } = workshop;
    const { draft } = progress;
    tell.step("Messages with buttons");
    const file = ownOrPackaged(home, context.root, TEMPLATE_CONFIG_FILE);
    const configured = parseTemplateConfig(await readFile(file, "utf8"));
    // Where answers are fetched, a tap comes back as the button's title only: those titles hold the request's id.
    const hasAddress = [settingOf(draft, "PUBLIC_URL"), settingOf(draft, "NGROK_AUTHTOKEN")].some(Boolean);
    const templates = hasAddress ? configured : configured.map(withIdInTitles);
    const { contents } = deskOf(progress);
    const ensured = await checked(workshop, () => ensureTemplates(contents, templates));
    const made = [...ensured.values()].filter(({ created }) => created).length;
    tell.good(
      made === 0
        ? `All ${ensured.size} templates are in your Twilio account.`
        : `${made} ${made === 1 ? "template was" : "templates were"} made in your Twilio account${made === ensured.size ? "" : `, ${ensured.size - made} were there`}.`,
    );
    const sids = templates.flatMap(({ key, env }) => {
      const sid = ensured.get(key)?.sid;
      return sid === undefined ? [] : [[env, sid] as const];
    });
    return { ...progress, contentSids: Object.fromEntries(sids) };
  },
};
