// Dangers of where secrets are kept: what deletes them, what shows them, what locks everybody out.
import { type Invocation, optionsOf } from "../../invocation.ts";
import type { Danger } from "./danger.ts";
import { rows } from "./remote.ts";

const HELP = /^-{1,2}(help|h)$/;
const VAULT = { programs: "vault bao openbao", notWord: HELP } as const;
const unless = "--help";

export const SECRET_DANGERS: readonly Danger[] = [
  ...rows(
    { ...VAULT, risk: "delete-data" },
    {
      "delete, kv delete": "deletes a secret",
      "kv destroy, kv metadata delete": "destroys a secret or all its versions for good",
      "secrets disable, secrets move, unmount": "switches a store of secrets off and deletes what is in it",
      "kv undelete, kv rollback": "changes which version of a secret counts",
      "operator raft snapshot restore": "replaces all secrets by a copy",
    },
  ),
  ...rows(
    { ...VAULT, risk: "change-live" },
    {
      "operator seal": "locks the vault: nobody gets a secret until it is opened",
      "operator step-down, operator rekey, operator rotate, operator raft remove-peer, operator generate-root":
        "changes the keys or the servers of the vault",
      "auth disable, audit disable": "switches a way to log in or the record off",
      "lease revoke, token revoke, revoke, lease revoke-prefix":
        "takes away secrets or tokens that are in use",
      "policy delete, namespace delete, plugin deregister": "deletes a policy or a namespace of the vault",
    },
  ),
  ...rows(
    { ...VAULT, risk: "grant-access" },
    {
      "policy write, token create, auth enable, write auth, write sys/policy":
        "changes who may read which secrets",
    },
  ),
  {
    ...VAULT,
    risk: "show-secret",
    says: "shows stored secrets",
    on: /^(read|kv get|unwrap|print token)( (?!sys\/|auth\/)\S|$)/,
  },
  {
    risk: "delete-data",
    says: "deletes keys, services or other entries of Consul",
    programs: "consul",
    on: /^(kv delete|services deregister|acl (policy|token|role|auth-method|binding-rule) delete|config delete|snapshot restore|intention delete|namespace delete|partition delete|peering delete)( |$)/,
    notWord: HELP,
  },
  {
    risk: "change-live",
    says: "takes a server out of a Consul cluster",
    programs: "consul",
    on: "leave, force-leave, operator raft remove-peer",
    notWord: HELP,
  },
  {
    risk: "delete-remote",
    says: "stops or deletes jobs, volumes or nodes of Nomad",
    programs: "nomad",
    on: /^(job stop|stop|job dispatch-stop|namespace delete|volume (delete|deregister|detach)|var purge|acl (policy|token) delete|node (drain|purge)|system gc|quota delete|server force-leave|deployment fail|alloc stop|operator (raft remove-peer|snapshot restore))( |$)/,
    notWord: HELP,
  },
  ...rows(
    { programs: "doppler", unless, risk: "delete-data" },
    {
      "secrets delete": "deletes stored secrets",
      "projects delete, environments delete, configs delete":
        "deletes a project or an environment with its secrets",
    },
  ),
  ...rows(
    { programs: "doppler", unless, risk: "change-live" },
    {
      "environments rename, configs tokens revoke, configs logs rollback, configs unlock, secrets set, secrets upload":
        "changes stored secrets or who may read them",
    },
  ),
  {
    programs: "doppler",
    unless,
    risk: "show-secret",
    says: "shows stored secrets",
    on: /^secrets( (get|download|substitute)( |$)|$)/,
    notWord: /^--only-names$/,
  },
  {
    programs: "doppler",
    unless,
    risk: "show-secret",
    says: "shows a token to read secrets with",
    on: "configure get token, configs tokens create",
  },
  {
    programs: "infisical",
    unless,
    risk: "delete-data",
    says: "deletes stored secrets",
    on: /^(secrets (delete|folders delete)|dynamic-secrets lease delete|\S+ delete)( |$)/,
  },
  {
    programs: "infisical",
    unless,
    risk: "show-secret",
    says: "shows stored secrets",
    on: /^(secrets$|secrets get |export( |$)|dynamic-secrets lease create)/,
  },
  {
    programs: "infisical",
    unless,
    risk: "change-live",
    says: "changes stored secrets",
    on: "secrets set, reset, dynamic-secrets lease renew",
  },
  {
    programs: "op",
    unless,
    risk: "delete-data",
    says: "deletes secrets, vaults or users of 1Password",
    on: /^(item|vault|document|group|user|connect server|connect token|events-api|service-account|account) (delete|forget|revoke)( |$)|^delete /,
  },
  {
    programs: "op",
    unless,
    risk: "grant-access",
    says: "changes who may read which vault",
    on: /^(vault (user|group) (grant|revoke)|group user (grant|revoke)|user (suspend|provision|reactivate|confirm|edit)|connect (token|vault) (create|grant|revoke)|item share|service-account create)( |$)/,
  },
  {
    programs: "op",
    unless,
    risk: "show-secret",
    says: "shows stored secrets",
    on: /^(read|document get|inject)( |$)/,
  },
  {
    programs: "op",
    unless,
    risk: "show-secret",
    says: "shows stored secrets",
    on: "item get",
    when: showsFields,
  },
];

/** Without these it prints the fields with their secrets hidden. */
function showsFields(call: Invocation): boolean {
  const { has } = optionsOf(call);
  return (
    has("--fields", "--reveal", "--otp", "--share-link", "--field") ||
    call.args.some(({ text }) => /json/.test(text))
  );
}
