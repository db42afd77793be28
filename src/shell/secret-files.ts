// Whether a command takes the content of a file that may hold secrets, and reaches the network besides: each alone is
// ordinary, both together are how a secret leaves.
import type { Invocation } from "./invocation.ts";
import { programOf } from "./programs/programs.ts";
import { SECRET_FILE } from "./programs/sensitive-places.ts";

/** Programs that hand on what is in a file. */
const COPIES = /^(cp|mv|ln|install|rsync|zip|7z|gpg|openssl|base64|xxd|cat|dd)$/;
const LOCAL = /^(https?:\/\/)?(localhost|127\.|\[::1\]|0\.0\.0\.0)/;

/** @param calls all program runs of one command */
export function sendsSecrets(calls: readonly Invocation[]): boolean {
  return calls.some(readsSecret) && calls.some(reachesNetwork);
}

function readsSecret({ name, args, redirections }: Invocation): boolean {
  const read = redirections.filter(({ writes }) => !writes).map(({ target }) => target);
  const takes = programOf(name).gives === "file" || COPIES.test(name);
  return [...(takes ? args : []), ...read].some(({ text }) => SECRET_FILE.test(text.toLowerCase()));
}

function reachesNetwork({ name, args }: Invocation): boolean {
  const { gives, givesOn, takesPorts } = programOf(name);
  const isPeer = gives === "peer" && (givesOn === undefined || args[0]?.text === givesOn);
  const isNetwork = gives === "download" || isPeer || /^(scp|ssh|rsync|dig|nslookup|rclone)$/.test(name);
  const isLooking = takesPorts === true && /^(lsof|fuser|ss|kill-port|fkill)$/.test(name);
  return isNetwork && !isLooking && !args.some(({ text }) => LOCAL.test(text));
}
