// Dangers of where a command writes, whatever program does it: devices, shell start files, keys, scheduled jobs, Claude's own settings.
import { writtenPaths } from "../../effects.ts";
import type { Invocation } from "../../invocation.ts";
import type { FoundRisk, Risk } from "../../risk.ts";
import { programOf } from "../programs.ts";

/** The risks of the paths that an invocation names. */
export function riskyPlaces(call: Invocation): readonly FoundRisk[] {
  const written = writtenPaths(call);
  const found = PLACES.filter(({ path }) => written.some((each) => path.test(each))).map(({ risk }) => ({
    risk,
  }));
  return touchesKeys(call, written) ? [...found, { risk: "login-files" }] : found;
}

const PLACES: readonly { readonly risk: Risk; readonly path: RegExp }[] = [
  {
    risk: "write-device",
    path: /^\/dev\/(?!(null|zero|full|stdout|stderr|stdin|tty|ptmx|u?random|(fd|shm|pts|tcp|udp)\/.*)$)/,
  },
  {
    risk: "send-file",
    path: /^\/dev\/(tcp|udp)\//,
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
