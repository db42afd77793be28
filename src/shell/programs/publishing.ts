// Rules for what is handed to everybody: package registries and image registries.
import { type Invocation, operandTexts, optionsOf } from "../invocation.ts";
import type { Rule } from "./rule.ts";

/** Which first operands publish, program by program. */
const PUBLISHING: Readonly<Record<string, RegExp>> = {
  npm: /^(publish|unpublish|deprecate|run(-script)? publish|stage publish)\b/,
  pnpm: /^(publish|run publish|-r publish)\b/,
  yarn: /^(publish|npm publish|run publish)\b/,
  bun: /^(publish|run publish)\b/,
  cargo: /^(publish|yank)\b/,
  twine: /^upload\b/,
  poetry: /^publish\b/,
  uv: /^publish\b/,
  flit: /^publish\b/,
  hatch: /^publish\b/,
  gem: /^(push|yank)\b/,
  docker: /^(push|image push|compose push)\b/,
  podman: /^(push|image push)\b/,
  helm: /^push\b/,
  gh: /^release create\b/,
  mvn: /^(deploy|release:perform)\b/,
  dotnet: /^nuget push\b/,
  vsce: /^publish\b/,
  ovsx: /^publish\b/,
  jsr: /^publish\b/,
  deno: /^publish\b/,
  lerna: /^publish\b/,
  changeset: /^publish\b/,
  "semantic-release": /^/,
  pod: /^trunk push\b/,
  mix: /^hex\.publish\b/,
};

const VALUED =
  "-C -w -F --prefix --workspace --filter --registry --tag --otp --userconfig --dir --cwd --manifest-path --context -R --repo --directory --access".split(
    " ",
  );

export const PUBLISHING_RULES: readonly Rule[] = [
  { risk: "publish", programs: Object.keys(PUBLISHING).join(" "), when: publishes },
];

function publishes(call: Invocation): boolean {
  const options = optionsOf(call, { valued: VALUED });
  return (PUBLISHING[call.name]?.test(operandTexts(options).join(" ")) ?? false) && !options.has("--dry-run");
}
