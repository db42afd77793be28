// Whether a word reaches one of the approval server's own ports. Host names that only DNS knows to be this machine
// are not recognised.
import { parsedUrl } from "../domain/parsed-url.ts";
import type { Invocation } from "../shell/invocation.ts";
import { programOf } from "../shell/programs/programs.ts";

const ADDRESS = /(\[[0-9a-f:.%]+\]|[^\s/@:'"`()=,[\]]+):0{0,99}(\d{1,5})(?!\d)/gi;
/** `--resolve name:8000:127.0.0.1`: whatever the name is, it leads there. */
const LED_TO = /:0{0,99}(\d{1,5}):(\[[0-9a-f:.%]+\]|[^\s,:]+)/gi;
/** Several addresses in one, as curl takes them: `127.0.0.1:[7999-8001]`, `127.0.0.1:{80,8000}`. */
const RANGE = /\[(\d{1,9})-(\d{1,9})/g;
const SEVERAL = /\{|\[\d{1,9}-\d/;
const LOOPBACK_WORD = /localhost|127\.\d|0\.0\.0\.0|\[?::1?\]?/i;

/** @param code the text is a program's: a loopback name and the number anywhere in it are enough. */
export function touchesPort(text: string, call: Invocation, ports: readonly number[], code = false): boolean {
  const named = ports.filter(
    (port) =>
      (text.includes(String(port)) && new RegExp(`(?<!\\d)0{0,99}${port}(?!\\d)`).test(text)) ||
      [...text.matchAll(RANGE)].some(([, first, last]) => Number(first) <= port && port <= Number(last)),
  );
  if (named.length === 0) return false;
  if (programOf(call.name).takesPorts || (code && LOOPBACK_WORD.test(text))) return true;
  if (/^\/dev\/(tcp|udp)\//.test(text)) return isThisMachine(text.split("/")[3] ?? "");
  if (programOf(call.name).takesText) return false;
  if (SEVERAL.test(text) && LOOPBACK_WORD.test(text)) return true;
  const isLedHere = [...text.matchAll(LED_TO)].some(
    ([, port, host = ""]) => named.includes(Number(port)) && isThisMachine(host),
  );
  if (isLedHere) return true;
  return [...text.matchAll(ADDRESS)].some(
    ([, host = "", port]) => named.includes(Number(port)) && isThisMachine(host),
  );
}

/** Any spelling of a loopback address: `127.1`, `0x7f000001`, `[::ffff:7f00:1]`; and hosts only known at run time. */
function isThisMachine(host: string): boolean {
  if (host.includes("$")) return true;
  const name = parsedUrl(`http://${host}/`)?.hostname ?? host.toLowerCase();
  return /^(localhost\.?|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:(7f|0:).*\])$/.test(name);
}
