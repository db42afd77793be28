// Dangers of passwords, keys and certificates on this machine.
import type { Danger } from "./danger.ts";

const unless = "--help";

export const KEY_DANGERS: readonly Danger[] = [
  {
    programs: "bw",
    unless,
    risk: "delete-data",
    says: "deletes stored passwords",
    on: /^(delete|import)( |$)/,
  },
  {
    programs: "bw lpass",
    unless,
    risk: "show-secret",
    says: "shows stored passwords",
    on: /^(get (password|item|totp|notes)|export|show|list items)( |$)/,
  },
  { programs: "lpass", unless, risk: "delete-data", says: "deletes stored passwords", on: "rm, import" },
  {
    programs: "pass gopass",
    unless,
    risk: "delete-data",
    says: "deletes stored passwords",
    on: "rm, remove, delete",
  },
  {
    programs: "pass gopass",
    unless,
    risk: "show-secret",
    says: "shows a stored password",
    on: /^(show |(?!(ls|list|find|search|grep|git|init|insert|add|generate|edit|mv|cp|rm|remove|delete|help|version|otp|sync|audit|config|setup|clone|mounts|recipients)\b)\S)/,
  },
  {
    programs: "security",
    risk: "delete-data",
    says: "deletes passwords, keys or certificates of this machine",
    on: /^delete-/,
  },
  {
    programs: "security",
    risk: "show-secret",
    says: "shows a password of this machine",
    on: /^(find-(generic|internet)-password|dump-keychain|export)( |$)/,
    options: "-w -g -d",
  },
  {
    programs: "gpg gpg2",
    risk: "delete-data",
    says: "deletes a secret key",
    word: /^--delete-secret-(and-public-)?keys?$/,
  },
  { programs: "gpg gpg2", risk: "delete-data", says: "deletes a key", word: /^--delete-keys?$/ },
  {
    programs: "gpg gpg2",
    risk: "show-secret",
    says: "shows a secret key",
    word: /^--export-secret-(sub)?keys?$/,
  },
  {
    programs: "keytool",
    risk: "delete-data",
    says: "deletes a key or a certificate of a store",
    word: /^-delete$/,
  },
  {
    programs: "keytool",
    risk: "show-secret",
    says: "copies keys out of a store",
    word: /^-(importkeystore|exportcert)$/,
    when: ({ args }) => args.some(({ text }) => text === "-importkeystore"),
  },
  {
    programs: "certbot acme.sh lego step",
    unless: "--help --dry-run",
    risk: "delete-remote",
    says: "deletes a certificate, or makes it worthless",
    on: /^(delete|revoke|unregister|ca revoke)( |$)/,
  },
  {
    programs: "acme.sh",
    risk: "delete-remote",
    says: "deletes a certificate, or makes it worthless",
    word: /^--(revoke|remove|deactivate|uninstall)$/,
  },
  { programs: "ssh-keygen", risk: "change-live", says: "forgets which key a server has", options: "-R" },
  {
    programs: "sops age",
    risk: "show-secret",
    says: "shows what is encrypted",
    options: "-d --decrypt",
    notWord: /^-o$|^--output/,
  },
  {
    programs: "secret-tool keyring",
    risk: "delete-data",
    says: "deletes a stored password",
    on: "clear, del",
    unless,
  },
  {
    programs: "secret-tool keyring",
    risk: "show-secret",
    says: "shows a stored password",
    on: "lookup, get",
    unless,
  },
];
