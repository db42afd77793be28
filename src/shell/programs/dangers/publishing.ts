// Dangers of what is handed to everybody: package registries and image registries.
import type { Danger } from "./danger.ts";

const PUBLISHES = { risk: "publish", unless: "--dry-run" } as const;

export const PUBLISHING_DANGERS: readonly Danger[] = [
  {
    ...PUBLISHES,
    programs: "npm",
    on: /^(publish|unpublish|deprecate|run(-script)? publish|stage publish)\b/,
  },
  { ...PUBLISHES, programs: "pnpm", on: /^(publish|run publish|-r publish)\b/ },
  { ...PUBLISHES, programs: "yarn", on: /^(publish|npm publish|run publish)\b/ },
  { ...PUBLISHES, programs: "bun", on: /^(publish|run publish)\b/ },
  { ...PUBLISHES, programs: "cargo", on: /^(publish|yank)\b/ },
  { ...PUBLISHES, programs: "twine", on: /^upload\b/ },
  { ...PUBLISHES, programs: "poetry uv flit hatch vsce ovsx jsr deno lerna changeset", on: /^publish\b/ },
  { ...PUBLISHES, programs: "gem", on: /^(push|yank)\b/ },
  { ...PUBLISHES, programs: "docker", on: /^(push|image push|compose push)\b/ },
  { ...PUBLISHES, programs: "podman", on: /^(push|image push)\b/ },
  { ...PUBLISHES, programs: "helm", on: /^push\b/ },
  { ...PUBLISHES, programs: "gh", on: /^release create\b/ },
  { ...PUBLISHES, programs: "mvn", on: /^(deploy|release:perform)\b/ },
  { ...PUBLISHES, programs: "dotnet", on: /^nuget push\b/ },
  { ...PUBLISHES, programs: "semantic-release" },
  { ...PUBLISHES, programs: "pod", on: /^trunk push\b/ },
  { ...PUBLISHES, programs: "mix", on: /^hex\.publish\b/ },
];
