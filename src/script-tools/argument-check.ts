// Whether the arguments of a call are what the script's schema says. The validator is the one that comes with the MCP SDK, in
// its strict form: a misspelt keyword of the schema is a problem, and not a check that is never made.
import { Ajv, addFormats } from "@modelcontextprotocol/server/validators/ajv";
import { linearPattern } from "./linear-pattern.ts";

/** @returns what is wrong, in words for the caller; undefined where the arguments fit */
export type ArgumentCheck = (given: Readonly<Record<string, unknown>>) => string | undefined;

export type CompiledArguments =
  | { readonly ok: true; readonly check: ArgumentCheck }
  | { readonly ok: false; readonly problem: string };

/** How many problems are told. */
const MAX_TOLD = 5;
/** UTF-16 units of all arguments as JSON: some checks take time with its square. What is longer nobody reads on a phone. */
const MAX_LENGTH = 32_768;

/** Knows what a schema of draft 7 is, and keeps nothing of what it looks at: to compile that takes longer than most schemas. */
let draft: ReturnType<typeof createAjv> | undefined;

function createAjv(validateSchema: boolean) {
  const ajv = new Ajv({
    strict: true,
    strictTypes: false,
    strictTuples: false,
    allErrors: true,
    logger: false,
    validateSchema,
    code: { regExp: linearPattern },
  });
  addFormats(ajv);
  return ajv;
}

/** @param schema JSON Schema of draft 7; the name of another dialect is left out, its keywords are not. Never throws. */
export function compileArguments(schema: Readonly<Record<string, unknown>>): CompiledArguments {
  const { $schema: _, $id: __, ...keywords } = schema;
  try {
    draft ??= createAjv(true);
    draft.validateSchema(keywords, true);
    // One for each schema: names that a schema defines for itself must not reach another.
    const ajv = createAjv(false);
    const validate = ajv.compile(keywords);
    return {
      ok: true,
      check: (given) => {
        if (JSON.stringify(given).length > MAX_LENGTH)
          return `they are longer than ${MAX_LENGTH} characters together`;
        if (validate(given)) return undefined;
        return (validate.errors ?? []).slice(0, MAX_TOLD).map(problemText).join("; ");
      },
    };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

interface SchemaProblem {
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
}

function problemText({ instancePath, message = "is wrong", params }: SchemaProblem): string {
  const where = instancePath === "" ? "the arguments" : instancePath.slice(1);
  const { additionalProperty: extra, allowedValues: allowed } = params;
  if (extra !== undefined) return `there is no argument ${JSON.stringify(extra)}`;
  return allowed === undefined ? `${where} ${message}` : `${where} ${message}: ${JSON.stringify(allowed)}`;
}
