// Dangers of where a command writes, whatever program does it: devices, shell start files, keys, scheduled jobs, Claude's own settings.
import { posix } from "node:path";
import { readWords, writtenPaths } from "../../effects.ts";
import type { Invocation } from "../../invocation.ts";
import type { FoundRisk } from "../../risk.ts";
import { programOf } from "../programs.ts";
import { LOGIN_FILE, SECRET_FILE } from "../sensitive-places.ts";

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
  const secret = readsSecret(call);
  if (secret !== undefined) found.push({ risk: "show-secret", says: secret });
  return touchesKeys(call, written) ? [...found, { risk: "login-files" }] : found;
}

/** Programs that show what is in a file, besides those that their rows say so of. */
const SHOWS =
  /^(less|more|most|bat|batcat|sed|gsed|g?awk|mawk|cut|sort|pr|fold|column|strings|hexyl|pbcopy|xclip|wl-copy)$/;
/** They show lines of a file, but are also how one looks whether a name is in it. */
const SEARCHES = /^([ef]?grep|rg|ag|ack)$/;

/** @returns what is to be said where a call shows what is in a file with secrets */
function readsSecret(call: Invocation): string | undefined {
  const { name, args, redirections } = call;
  const isEditing = /^g?sed$/.test(name) && args.some(({ text }) => /^(-[a-zA-Z]*i|--in-place)/.test(text));
  const shown = SHOWS.test(name) && !isEditing ? args : readWords(withoutExcluded(call));
  const fed = redirections.filter(({ writes }) => !writes).map(({ target }) => target);
  const texts = (words: readonly { readonly text: string }[]) =>
    words.map(({ text }) => text.toLowerCase()).filter((text) => !/\s(?!copy$)/.test(text));
  const paths = texts([...shown, ...fed]);
  if ([...paths, ...texts(SEARCHES.test(name) ? args : [])].some((path) => LOGIN_FILE.test(path)))
    return "reads a file that holds secrets";
  if (paths.some((path) => SECRET_FILE.test(path))) return "reads a file that may hold secrets";
  return paths.some((path) => /(^|\/)\.ssh\/config$/.test(path))
    ? "reads how this machine logs in to others"
    : undefined;
}

/** Packers take the names of files to leave out: zip all that follow, tar one. */
function withoutExcluded(call: Invocation): Invocation {
  const at = /^(zip|tar|bsdtar|gtar)$/.test(call.name)
    ? call.args.findIndex(({ text }) => /^(-x|--exclude)$/.test(text))
    : -1;
  if (at < 0) return call;
  const rest = call.name === "zip" ? [] : call.args.slice(at + 2);
  return { ...call, args: [...call.args.slice(0, at), ...rest] };
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
