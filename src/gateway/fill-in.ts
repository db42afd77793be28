// Puts variables into the values of gateway.json, written as in .mcp.json: ${NAME} and ${NAME:-otherwise}. Never a secret of
// ours: what one server is given, it may send anywhere.
import type { EntryContext } from "./entry.ts";

const VARIABLE = /\$\{([^}]*)\}/g;
const FORM = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;
/** Shorter ones are found in ordinary words. */
const MIN_SECRET = 8;

/** @param wrong is told what is wrong with the value; it never holds a value */
export function fillIn(text: string, context: EntryContext, wrong: (problem: string) => void): string {
  const filled = text.replace(VARIABLE, (_, inside: string) => {
    const [, name, otherwise] = FORM.exec(inside) ?? [];
    if (name === undefined) {
      wrong("what stands in braces in it is not the name of a variable");
      return "";
    }
    if (context.secretNames.has(name)) {
      wrong(`${name} is a secret of the approval server, which no other server is given`);
      return "";
    }
    const value = context.env[name] || otherwise;
    if (value === undefined) wrong(`\${${name}} is not set; write \${${name}:-} where it may be empty`);
    return value ?? "";
  });
  if (context.ownSecrets.some((secret) => secret.length >= MIN_SECRET && filled.includes(secret)))
    wrong("it holds a secret of the approval server, which no other server is given");
  return filled;
}
