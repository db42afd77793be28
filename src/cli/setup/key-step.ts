// The key of an agent, or the token of a bot: asked for unless it is found, and shown to the platform at once.

import { parseConfig } from "../../config/config.ts";
import { lockHolder } from "../../store/server-lock.ts";
import { SetupProblem } from "./asker.ts";
import { type Draft, settingOf, settingsOf, withAnswers } from "./draft.ts";
import type { SetupFlags } from "./flags.ts";
import type { Platform, PlatformAccess } from "./platform.ts";
import { PLATFORMS } from "./platforms.ts";
import { GIVEN_BY } from "./script-asker.ts";
import { checked, pairedChannel, type SetupStep, type Workshop } from "./workshop.ts";

const GIVEN: Readonly<Partial<Record<Platform["key"], (flags: SetupFlags) => string | undefined>>> = {
  "agent-key": ({ agentKey }) => agentKey,
  "bot-token": ({ botToken }) => botToken,
};

export const keyStep: SetupStep = {
  name: "key",
  async run(workshop, progress) {
    const { flags, tell, asker } = workshop;
    const { draft } = progress;
    const platform = PLATFORMS[pairedChannel(progress)];
    const baseUrl = settingOf(draft, platform.baseUrl);
    if (baseUrl !== undefined)
      tell.warn(`${platform.baseUrl} is set: ${baseUrl} is asked in place of the platform.`);
    const found = GIVEN[platform.key]?.(flags) ?? settingOf(draft, platform.setting);
    tell.hide(found);
    if (found === undefined && asker.isPerson) for (const paragraph of platform.how) tell.say(paragraph);
    for (let given = found; ; given = undefined) {
      const secret = await usable(workshop, platform, given);
      const next = withAnswers(draft, { [platform.setting]: secret });
      const problem = await problemThere(workshop, platform, secret, draft);
      if (problem === undefined) return { ...progress, draft: next };
      refuse(workshop, platform, problem);
    }
  },
};

/** How the platform is asked with the key that is decided. */
export function accessOf({ context }: Workshop, platform: Platform, draft: Draft): PlatformAccess {
  const { clock, fetch, signal } = context;
  const secret = settingOf(draft, platform.setting) ?? "";
  return { secret, baseUrl: settingOf(draft, platform.baseUrl), clock, fetch, signal };
}

async function usable(workshop: Workshop, platform: Platform, found: string | undefined): Promise<string> {
  const { key, question: message } = platform;
  for (let given = found; ; given = undefined) {
    given ??= await workshop.asker.secret({ key, message });
    workshop.tell.hide(given);
    const secret = platform.read(given);
    workshop.tell.hide(secret);
    const problem = platform.formProblem(secret);
    if (problem === undefined) return secret;
    refuse(workshop, platform, problem);
  }
}

async function problemThere(
  workshop: Workshop,
  platform: Platform,
  secret: string,
  draft: Draft,
): Promise<string | undefined> {
  const { tell } = workshop;
  if (platform.endsReader && secret === draft.file[platform.setting]?.trim() && hasServer(workshop, draft)) {
    tell.good("A server runs with this key: the platform is not asked beside it.");
    return undefined;
  }
  const access = { ...accessOf(workshop, platform, draft), secret };
  const answer = await checked(workshop, () => platform.ask(access));
  if (answer.kind === "wrong") return answer.problem;
  tell.good(answer.says);
  return undefined;
}

function hasServer({ home }: Workshop, draft: Draft): boolean {
  return lockHolder(parseConfig(settingsOf(draft), home).databasePath) !== undefined;
}

/** Says what is wrong; a person is asked again after it. @throws SetupProblem where nobody is there to be asked */
function refuse({ asker, tell }: Workshop, { key }: Platform, problem: string): void {
  if (asker.isPerson) {
    tell.bad(problem);
    return;
  }
  const [first = "", ...more] = problem.split(/(?<=\.) /);
  throw new SetupProblem(first, `${more.join(" ")} Give it by ${GIVEN_BY[key]}.`.trim());
}
