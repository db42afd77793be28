// Risks of where a command writes: devices, shell start files, keys, scheduled jobs, Claude's own settings.
import { type Invocation, isOneOf, optionsOf } from "./invocation.ts";
import type { Risk } from "./risk.ts";
import type { ShellWord } from "./shell-word.ts";

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
const usesKeysProperly = isOneOf(
  "ssh scp sftp ssh-add ssh-agent ls stat test [ cd pushd echo printf git grep rg sed file",
);

function touchesKeys(call: Invocation, written: readonly string[]): boolean {
  if (written.some((path) => SSH_FOLDER.test(path))) return true;
  const read = call.redirections.map(({ target }) => target);
  const words = usesKeysProperly(call.name) ? read : [...call.args, ...read];
  return words.some(({ text }) => !/\s/.test(text) && KEY.test(text));
}

const writesAllOperands = isOneOf(
  "tee rm mv truncate shred chmod chown chgrp touch vim vi nvim nano ed ex emacs unlink sponge patch mkdir",
);
const writesLastOperand = isOneOf("cp ln install rsync scp ditto");

/** The paths that an invocation writes, as far as its words name them. */
export function writtenPaths(call: Invocation): readonly string[] {
  const redirected = call.redirections.filter(({ writes }) => writes).map(({ target }) => target);
  return [...redirected, ...writtenWords(call)].map(({ text }) => text);
}

function writtenWords(call: Invocation): readonly ShellWord[] {
  const { name, args } = call;
  if (writesAllOperands(name)) return optionsOf(call).operands;
  if (writesLastOperand(name)) {
    const options = optionsOf(call, { valued: ["-t", "--target-directory", "-m", "-o", "-g"] });
    return [...options.operands.slice(-1), ...options.values("-t", "--target-directory")];
  }
  if (name === "sed" || name === "perl" || name === "gsed") {
    return args.some(({ text }) => /^(-[a-zA-Z]*i|--in-place)/.test(text)) ? optionsOf(call).operands : [];
  }
  if (name === "dd") {
    return args
      .filter(({ text }) => text.startsWith("of="))
      .map((word) => ({ ...word, text: word.text.slice(3) }));
  }
  if (name === "curl") return optionsOf(call, { valued: ["-o", "--output"] }).values("-o", "--output");
  return name === "wget" ? optionsOf(call, { valued: ["-O"] }).values("-O", "--output-document") : [];
}
