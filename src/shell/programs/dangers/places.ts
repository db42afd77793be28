// Dangers of where a command writes, whatever program does it: devices, shell start files, keys, scheduled jobs, Claude's own settings.
import { posix } from "node:path";
import { readWords, writtenPaths } from "../../effects.ts";
import type { Invocation } from "../../invocation.ts";
import type { FoundRisk } from "../../risk.ts";
import { programOf } from "../programs.ts";
import { LOGIN_FILE } from "../sensitive-places.ts";

/**
 * The risks of the paths that an invocation names.
 * @param folder where the command has gone before it, as far as its words tell
 */
export function riskyPlaces(call: Invocation, folder?: string): readonly FoundRisk[] {
  const written = writtenPaths(call).map((path) => placed(path, folder));
  const places =
    written.length === 0 ? [] : PLACES.filter(({ path }) => written.some((each) => path.test(each)));
  const found: FoundRisk[] = places.map(({ risk, says }) => ({ risk, says }));
  if (written.some((path) => LOGIN_FILE.test(path.toLowerCase())))
    found.push({ risk: "login-files", says: "changes a file that holds secrets" });
  if (readWords(call).some(({ text }) => LOGIN_FILE.test(text.toLowerCase())))
    found.push({ risk: "show-secret", says: "reads a file that holds secrets" });
  return touchesKeys(call, written) ? [...found, { risk: "login-files" }] : found;
}

/** Without the detours of `/tmp/../etc`. */
function placed(path: string, folder: string | undefined): string {
  const isRelative = folder !== undefined && /^[^/~$-]/.test(path);
  const whole = isRelative ? `${folder}/${path}` : path;
  return isRelative || /\/\.|\/\//.test(whole) ? posix.normalize(whole) : whole;
}

interface RiskyPlace extends FoundRisk {
  readonly path: RegExp;
}

const PLACES: readonly RiskyPlace[] = [
  {
    risk: "write-device",
    path: /^\/dev\/(?!(null|zero|full|stdout|stderr|stdin|tty|ptmx|u?random|(fd|shm|pts|tcp|udp)\/.*)$)/,
  },
  {
    risk: "login-files",
    path: /(^|\/)(\.(bash|zsh|k?sh)(rc|env)|\.(bash_)?(profile|login|logout|aliases)|\.z(profile|login|logout)|authorized_keys2?|config\.fish)$/,
  },
  {
    risk: "login-files",
    path: /^(\/private)?\/etc\/(profile|bash|zsh|environment|sudoers|passwd|shadow|group|ssh|pam\.d)/,
  },
  {
    risk: "change-services",
    path: /^\/etc\/(cron|systemd|init\.d|rc\.)|^\/var\/spool\/cron|\/systemd\/user\/|\/Launch(Agents|Daemons)\/|\/autostart\//,
  },
  {
    risk: "weaken-protection",
    path: /(^|\/)(\.claude\/(settings[^/]*\.json|hooks\/.*)|\.claude\.json|\.mcp\.json|\.git\/(hooks\/.*|config))$/,
  },
  {
    risk: "load-code",
    says: "changes files that run something later",
    path: /(^|\/)(\.gitconfig|\.config\/git\/config|\.husky\/[^_/][^/]*|\.envrc|\.pythonstartup|sitecustomize\.py|usercustomize\.py|\.npmrc|\.yarnrc[^/]*|\.pypirc|\.pip\/pip\.conf|\.inputrc|\.vimrc|\.tmux\.conf|\.gdbinit)$|^\/etc\/ld\.so/,
  },
  {
    risk: "rewrite-history",
    says: "changes the inside of a git repository",
    path: /(^|\/)\.git(\/(?!hooks\/|config$|info\/exclude$|COMMIT_EDITMSG$).*)?$/,
  },
  {
    risk: "system-files",
    path: /^(\/private)?\/(etc|usr|bin|sbin|lib|lib64|boot|root|sys|proc|System|Library|Applications|var\/(log|lib|www|db|spool|run))(\/|$)/,
  },
  {
    risk: "system-files",
    says: "changes the whole system, or the files of everybody on it",
    path: /^\/(\*|\.\*|(var|home|Users|opt|srv|mnt|media|Volumes)\/?\*?)?$/,
  },
];

/** A private key counts even when it is only read. */
const KEY = /(^|[/=@:])(\.ssh(\/(?!config$|known_hosts|.*\.pub$)|$)|id_(rsa|ed25519|ecdsa|dsa)(_\w+)?$)/;
const SSH_FOLDER = /(^|\/)\.ssh(\/|$)/;

function touchesKeys(call: Invocation, written: readonly string[]): boolean {
  if (written.some((path) => SSH_FOLDER.test(path))) return true;
  const read = call.redirections.map(({ target }) => target);
  const words = programOf(call.name).sparesKeys ? read : [...call.args, ...read];
  return words.some(({ text }) => !/\s/.test(text) && KEY.test(text));
}
