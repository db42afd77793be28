// What a script gets of the server's environment: where programs and the person's folder are, and what its settings name.
// Never a secret of the server's, under whichever name it stands.
import { createOwnSecrets } from "../inspection/own-secrets.ts";
import { isOwnVariable } from "./script-settings.ts";

/** What programs cannot do without. */
const ALWAYS = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"];

export interface ScriptEnvironmentDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names of the server's own settings: no script may name one. */
  readonly ownNames: ReadonlySet<string>;
  /** The server's secrets, by value. */
  readonly ownSecrets: readonly string[];
}

export type ScriptEnvironment =
  | { readonly ok: true; readonly env: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problem: string };

/** @param names what a script's settings name @returns what can be had of it; a name that is not set is left out */
export function scriptEnvironment(names: readonly string[], deps: ScriptEnvironmentDeps): ScriptEnvironment {
  const { env, ownNames, ownSecrets } = deps;
  const own = names.find((name) => ownNames.has(name) || isOwnVariable(name));
  if (own !== undefined) return { ok: false, problem: `env: ${own} is the approval server's own` };
  const secrets = createOwnSecrets(ownSecrets);
  const given: Record<string, string> = {};
  for (const name of new Set([...ALWAYS, ...names])) {
    const value = env[name];
    if (value === undefined) continue;
    if (secrets.find(value).length > 0)
      return { ok: false, problem: `env: ${name} holds a secret of the approval server` };
    given[name] = value;
  }
  return { ok: true, env: given };
}
