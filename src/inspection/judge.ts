// Says which risks a single program run has, wherever in a command it stands. Remembers, over one command, where
// `cd` went and what was downloaded.
import { createDownloads } from "../shell/downloads.ts";
import type { Invocation } from "../shell/invocation.ts";
import { riskyPlaces } from "../shell/places.ts";
import { DISK_RULES } from "../shell/programs/disk.ts";
import { GIT_RULES } from "../shell/programs/git.ts";
import { NETWORK_RULES } from "../shell/programs/network.ts";
import { PUBLISHING_RULES } from "../shell/programs/publishing.ts";
import { createRuleBook } from "../shell/programs/rule.ts";
import { SYSTEM_RULES } from "../shell/programs/system.ts";
import type { Risk } from "../shell/risk.ts";
import type { ShellWord } from "../shell/shell-word.ts";
import type { Judge } from "../shell/walk.ts";
import type { OwnPaths } from "./own-paths.ts";
import { touchesPort } from "./own-ports.ts";

export interface Own {
  readonly paths: OwnPaths;
  readonly ports: readonly number[];
}

const risksOfProgram = createRuleBook([
  ...DISK_RULES,
  ...GIT_RULES,
  ...NETWORK_RULES,
  ...PUBLISHING_RULES,
  ...SYSTEM_RULES,
]);

/** More places to start from than any sensible command has. */
const MAX_FOLDERS = 16;
const UNCHECKED_TLS = /^(NODE_TLS_REJECT_UNAUTHORIZED=0|PYTHONHTTPSVERIFY=0|GIT_SSL_NO_VERIFY=(1|true))$/;

/** @param cwd where the command starts; absent when that is not known. */
export function createJudge(own: Own, cwd: string | undefined): Judge {
  const folders = { known: cwd === undefined ? [] : [cwd], others: cwd === undefined };
  const downloads = createDownloads();

  function follow(call: Invocation): void {
    if (!/^(cd|chdir|pushd)$/.test(call.name)) return;
    const target = own.paths.folder(call.args.find(({ text }) => !/^-./.test(text)));
    if (target === undefined || folders.known.length >= MAX_FOLDERS) folders.others = true;
    else if (target.startsWith("/")) folders.known.push(target);
    else folders.known.push(...folders.known.map((folder) => `${folder}/${target}`).slice(0, MAX_FOLDERS));
  }

  function touchesOwn(call: Invocation): boolean {
    const silent = call.name === "echo" || call.name === "printf";
    const targets = call.redirections.map(({ target }) => target);
    const words = [
      ...(call.command ? [call.command] : []),
      ...call.assignments,
      ...(silent ? [] : call.args),
      ...targets,
    ];
    return (
      own.paths.touches(words, call, folders) || words.some(({ text }) => touchesPort(text, call, own.ports))
    );
  }

  return {
    invocation(call) {
      follow(call);
      const risks: Risk[] = [...risksOfProgram(call), ...riskyPlaces(call)];
      if (call.command && isUnknown(call.command)) risks.push("unknown-command");
      if (call.command?.flow.download) risks.push("download-to-shell");
      if (downloads.runs(call)) risks.push("run-download");
      if ([...call.assignments, ...call.args].some(({ text }) => UNCHECKED_TLS.test(text)))
        risks.push("weaken-protection");
      if (touchesOwn(call)) risks.push("own-files");
      return risks;
    },
    redirections(redirections) {
      const call: Invocation = { name: "", args: [], assignments: [], redirections };
      return [...riskyPlaces(call), ...(touchesOwn(call) ? ["own-files" as const] : [])];
    },
    code({ text, shell, flow, told }, call) {
      const risks: Risk[] = told ? ["code-from-text"] : [];
      if (flow.download) risks.push("download-to-shell");
      else if (text === undefined && shell) risks.push("unknown-command");
      if (text === undefined || shell) return risks;
      const touches = own.paths.touchesInCode(text, folders) || touchesPort(text, call, own.ports, true);
      return touches ? [...risks, "own-files"] : risks;
    },
  };
}

/** A name in a folder that a well-known variable names is still that name. */
function isUnknown({ pieces }: ShellWord): boolean {
  return pieces.some(({ kind, text }) => kind !== "text" && !/^\$(HOME|PWD|\{HOME\}|\{PWD\})$/.test(text));
}
