// Dangers of what is handed to everybody: package registries and image registries.
import type { Invocation } from "../../invocation.ts";
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
  { ...PUBLISHES, programs: "npm pnpm yarn", on: /^(npm )?(dist-tag|tag) (add|rm|remove)\b/ },
  {
    ...PUBLISHES,
    programs: "gradle gradlew",
    word: /^(:?[\w:-]*:)?(publish\w*|uploadArchives|bintrayUpload)$/,
  },
  { ...PUBLISHES, programs: "mvnw", on: /(^| )(deploy|release:perform)\b/ },
  { ...PUBLISHES, programs: "mvn", word: /^(deploy|deploy:\S+|release:perform|release:stage)$/ },
  { ...PUBLISHES, programs: "sbt lein", word: /^(publish|publishSigned|deploy)$/ },
  { ...PUBLISHES, programs: "dart flutter", on: /^(packages )?pub publish\b/ },
  { ...PUBLISHES, programs: "pdm maturin wasm-pack quarto rye", on: /^(publish|upload)\b/ },
  { ...PUBLISHES, programs: "anaconda conan luarocks", on: /^upload\b/ },
  { ...PUBLISHES, programs: "python", word: /^upload$/, when: uploadsPackage },
  { ...PUBLISHES, programs: "goreleaser", on: /^release\b/, notWord: /^--(snapshot|skip=publish)/ },
  { ...PUBLISHES, programs: "release-it np gh-pages cpan-upload" },
  { ...PUBLISHES, programs: "mkdocs", on: /^gh-deploy\b/ },
  { ...PUBLISHES, programs: "docker", on: /^(buildx )?(build|bake)\b/, options: "--push" },
  { ...PUBLISHES, programs: "skopeo crane oras buildah ko", on: /^(copy|push|publish|sync|apply)\b/ },
];

/** `python setup.py upload`, where the file stands for a program. */
function uploadsPackage({ args }: Invocation): boolean {
  return /(^| )setup\.py .*upload/.test(args.map(({ text }) => text).join(" "));
}
