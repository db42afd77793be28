// Risks of where a command writes: devices, shell start files, keys, scheduled jobs, Claude's own settings.
import { writtenPaths } from "./effects.ts";
import type { Invocation } from "./invocation.ts";
import { programOf } from "./programs/programs.ts";
import type { Risk } from "./risk.ts";

/** The risks of the paths that an invocation names. */
export function riskyPlaces(call: Invocation): readonly Risk[] {
  const written = writtenPaths(call);
  const risks = PLACES.filter(([, place]) => written.some((path) => place.test(path))).map(([risk]) => risk);
  return touchesKeys(call, written) ? [...risks, "login-files"] : risks;
}

const PLACES: readonly (readonly [Risk, RegExp])[] = [
  [
    "write-device",
    /^\/dev\/(?!(null|zero|full|stdout|stderr|stdin|tty|ptmx|u?random|(fd|shm|pts|tcp|udp)\/.*)$)/,
  ],
  ["send-file", /^\/dev\/(tcp|udp)\//],
  [
    "login-files",
    /(^|\/)(\.(bash|zsh|k?sh)(rc|env)|\.(bash_)?(profile|login|logout|aliases)|\.z(profile|login|logout)|authorized_keys2?|config\.fish)$/,
  ],
  [
    "login-files",
    /^(\/private)?\/etc\/(profile|bash|zsh|environment|sudoers|passwd|shadow|group|ssh|pam\.d)/,
  ],
  [
    "change-services",
    /^\/etc\/(cron|systemd|init\.d|rc\.)|^\/var\/spool\/cron|\/systemd\/user\/|\/Launch(Agents|Daemons)\/|\/autostart\//,
  ],
  [
    "weaken-protection",
    /(^|\/)(\.claude\/(settings[^/]*\.json|hooks\/.*)|\.claude\.json|\.mcp\.json|\.git\/(hooks\/.*|config))$/,
  ],
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
