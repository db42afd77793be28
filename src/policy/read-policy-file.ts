// Reads policy.json from the disk. Whoever can write it decides for the person: a file that others can write is refused.
import { type CompiledPolicy, compilePolicy } from "./compile.ts";
import { readOwnFile } from "./own-file.ts";
import type { PolicyContext } from "./policy-context.ts";

export type PolicyFile =
  | { readonly kind: "none" }
  | { readonly kind: "good"; readonly policy: CompiledPolicy }
  | { readonly kind: "bad"; readonly problems: readonly string[] };

/** Bytes; a policy is written by hand. */
const MAX_SIZE = 256 * 1024;

/** Never throws. */
export function readPolicyFile(path: string, context: PolicyContext): PolicyFile {
  const file = readOwnFile(path, { maxSize: MAX_SIZE, mend: "chmod go-w" });
  if (file.kind === "none") return file;
  if (file.kind === "bad") return bad(file.problem);
  const compiled = compilePolicy(file.text, context);
  return compiled.ok ? { kind: "good", policy: compiled.policy } : bad(...compiled.problems);
}

function bad(...problems: readonly string[]): PolicyFile {
  return { kind: "bad", problems };
}
