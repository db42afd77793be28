// Dangers of package managers: what is uninstalled, and what is installed from somewhere else than their registry.
import { optionsOf } from "../../invocation.ts";
import type { Danger } from "./danger.ts";

const REMOVES = { risk: "remove-software" } as const;
const DRY = "-n --dry-run -s --simulate --just-print";
const ELSEWHERE =
  /^(-e)?(git\+|https?:\/\/|git:\/\/|ssh:\/\/|(github|gitlab|bitbucket|gist):)|^--editable=(git\+|https?:)/;

export const PACKAGE_DANGERS: readonly Danger[] = [
  {
    ...REMOVES,
    programs: "apt apt-get aptitude",
    on: /^(remove|purge|autoremove|autopurge)\b/,
    unless: "-s --simulate --just-print --dry-run",
  },
  {
    ...REMOVES,
    programs: "dpkg",
    options: "-r -P --remove --purge",
    unless: "--dry-run --no-act --simulate",
  },
  { ...REMOVES, programs: "rpm", options: "-e --erase", unless: "--test" },
  {
    ...REMOVES,
    programs: "yum dnf dnf5 microdnf zypper",
    on: /^(remove|erase|autoremove|rm)\b/,
    unless: "--assumeno --dry-run",
  },
  { ...REMOVES, programs: "pacman yay paru", word: /^-R[a-z]*$|^--remove$/, unless: "-p --print" },
  { ...REMOVES, programs: "apk", on: "del", unless: "-s --simulate" },
  { ...REMOVES, programs: "emerge", options: "-C -c --unmerge --depclean --prune", unless: "-p --pretend" },
  { ...REMOVES, programs: "xbps-remove pkg_delete" },
  { ...REMOVES, programs: "pkg port", on: "delete, remove, autoremove, uninstall" },
  {
    ...REMOVES,
    programs: "brew",
    on: /^(uninstall|remove|rm|autoremove|zap|untap)\b/,
    unless: "-n --dry-run",
  },
  { ...REMOVES, programs: "snap flatpak", on: "remove, uninstall" },
  { ...REMOVES, programs: "nix-env", options: "-e --uninstall --rollback" },
  { ...REMOVES, programs: "nix", on: "profile remove, store delete, store gc" },
  { ...REMOVES, programs: "nix-collect-garbage nix-store", word: /^(-d|--delete.*|--gc)$/ },
  { ...REMOVES, programs: "pip pipx", on: /^uninstall(-all)?\b/ },
  {
    ...REMOVES,
    programs: "uv",
    on: /^(pip uninstall|tool uninstall|python uninstall|remove)\b/,
    unless: DRY,
  },
  {
    ...REMOVES,
    programs: "poetry pdm rye pipenv",
    on: "remove, uninstall, env remove, self uninstall",
    unless: "--dry-run",
  },
  {
    ...REMOVES,
    programs: "conda mamba micromamba",
    on: /^(remove|uninstall|env remove|clean)\b/,
    unless: "-d --dry-run",
  },
  { ...REMOVES, programs: "npm", on: /^(uninstall|un|remove|rm|r|unlink)\b/, unless: "--dry-run" },
  { ...REMOVES, programs: "pnpm yarn bun", on: /^(global )?(remove|uninstall|un|rm)\b/ },
  { ...REMOVES, programs: "gem", on: "uninstall, cleanup" },
  { ...REMOVES, programs: "cargo", on: "uninstall" },
  {
    ...REMOVES,
    programs: "rustup",
    on: /^(self uninstall|toolchain (uninstall|remove)|target remove|component remove)\b/,
  },
  { ...REMOVES, programs: "composer", on: "remove, global remove", unless: "--dry-run" },
  { ...REMOVES, programs: "dotnet", on: "tool uninstall, workload uninstall" },
  { ...REMOVES, programs: "volta nvm fnm pyenv rbenv nodenv asdf mise rtx sdk", on: "uninstall" },
  { ...REMOVES, programs: "choco scoop winget luarocks", on: "uninstall, remove" },
  {
    ...REMOVES,
    programs: "go",
    says: "deletes all downloaded modules",
    on: "clean",
    word: /^-{1,2}(modcache|cache)$/,
  },
  { ...REMOVES, programs: "make gmake", on: "uninstall" },
  {
    risk: "run-download",
    says: "installs a package from an address, not from the registry",
    programs: "pip pipx",
    on: "install, run",
    operand: ELSEWHERE,
  },
  {
    risk: "run-download",
    says: "installs a package from an address, not from the registry",
    programs: "npm pnpm yarn bun",
    on: /^(i|install|add|global add|x|exec|dlx)\b/,
    operand: ELSEWHERE,
  },
  {
    risk: "run-download",
    says: "runs a package from an address, not from the registry",
    programs: "npx bunx pnpx uvx",
    word: /^(--(package|from|spec)=|-p)?(git\+|https?:\/\/|git:\/\/|ssh:\/\/|(github|gitlab|bitbucket|gist):)/,
  },
  {
    risk: "run-download",
    says: "runs a program from an address",
    programs: "deno bun",
    on: /^(run |x |test |bench |install |compile |serve )?https?:\/\//,
  },
  {
    risk: "change-machine",
    says: "installs into the system's own packages",
    programs: "pip",
    on: "install",
    options: "--break-system-packages",
  },
  {
    risk: "change-machine",
    says: "installs into the system's own packages",
    programs: "pip",
    on: "install",
    when: (call) =>
      optionsOf(call, "-t --target --prefix --root")
        .values("-t", "--target", "--prefix", "--root")
        .some(({ text }) => /^\/(usr|opt|lib\w*|Library|System)?(\/|$)/.test(text)),
  },
  {
    risk: "run-download",
    says: "installs the packages that a file at an address names",
    programs: "pip uv",
    on: "install, pip install",
    when: (call) =>
      optionsOf(call, "-r --requirement")
        .values("-r", "--requirement", "--requirements")
        .some(({ text }) => /^https?:/.test(text)),
  },
];
