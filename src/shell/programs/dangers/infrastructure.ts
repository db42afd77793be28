// Dangers of what builds infrastructure from files: Terraform and its relatives, Pulumi, CDK.
import type { Danger } from "./danger.ts";
import { HARMLESS, rows } from "./remote.ts";

const HELP = /^-{1,2}(help|h)$/;
const TF = { programs: "terraform tofu terragrunt", notWord: HELP } as const;
/** `run-all destroy`, `run --all -- destroy`, `stack run destroy`: the same for many folders at once. */
const ALL = "^(?:run-all |run |stack run |--all )?";
const ATMOS = { programs: "atmos", notWord: HELP } as const;
const PULUMI = { programs: "pulumi", unless: `${HARMLESS} --preview-only` } as const;

export const INFRASTRUCTURE_DANGERS: readonly Danger[] = [
  {
    ...TF,
    risk: "delete-remote",
    says: "destroys the infrastructure that Terraform manages here",
    on: new RegExp(`${ALL}(destroy|destroy-all)( |$)`),
  },
  {
    ...TF,
    risk: "delete-remote",
    says: "destroys the infrastructure that Terraform manages here",
    on: new RegExp(`${ALL}apply( |$)`),
    word: /^-{1,2}destroy(=true)?$/,
  },
  {
    ...TF,
    risk: "change-live",
    says: "changes the infrastructure that Terraform manages here",
    on: new RegExp(`${ALL}(apply|apply-all)( |$)`),
  },
  {
    programs: "terraform tofu terragrunt",
    risk: "change-live",
    says: "plans to destroy what Terraform manages here",
    on: new RegExp(`${ALL}plan( |$)`),
    word: /^-{1,2}destroy(=true)?$/,
    notWord: HELP,
  },
  ...rows(
    { ...TF, risk: "change-live" },
    {
      "taint, untaint": "has a part of the infrastructure built anew",
      "state rm, state mv, state push, state replace-provider, import":
        "changes what Terraform knows of the infrastructure",
      "force-unlock": "breaks the lock of somebody else's change",
      "workspace delete": "deletes a Terraform workspace",
      refresh: "overwrites what Terraform knows of the infrastructure",
    },
  ),
  {
    ...ATMOS,
    risk: "delete-remote",
    says: "destroys the infrastructure of a stack",
    on: /^(terraform|tf|tofu|opentofu) destroy( |$)|^(helmfile|hf) destroy( |$)/,
  },
  {
    ...ATMOS,
    risk: "change-live",
    says: "changes the infrastructure of a stack or what is known of it",
    on: /^(terraform|tf|tofu|opentofu) (deploy|apply|clean|taint|untaint|state (rm|mv|push)|force-unlock|workspace delete|import)( |$)|^(helmfile|hf) (apply|sync)( |$)/,
  },
  {
    ...ATMOS,
    risk: "change-live",
    says: "plans to destroy the infrastructure of a stack",
    on: /^(terraform|tf|tofu|opentofu) plan( |$)/,
    word: /^-{1,2}destroy$/,
  },
  ...rows(
    { ...PULUMI, risk: "delete-remote" },
    {
      "destroy, down": "destroys the infrastructure of a Pulumi stack",
      "stack rm": "deletes a Pulumi stack",
    },
  ),
  ...rows(
    { ...PULUMI, risk: "change-live" },
    {
      "up, update": "changes the infrastructure of a Pulumi stack",
      "state delete, state unprotect, state move, state rename, stack import, import":
        "changes what Pulumi knows of the infrastructure",
      cancel: "breaks a running change off",
      "config rm": "deletes a setting of a Pulumi stack",
    },
  ),
  {
    ...PULUMI,
    risk: "change-live",
    says: "overwrites what Pulumi knows of the infrastructure",
    on: "refresh",
    options: "-y --yes -f --skip-preview",
  },
  {
    ...PULUMI,
    risk: "show-secret",
    says: "shows the secrets of a Pulumi stack",
    on: /^(config|stack output|stack export)( |$)/,
    options: "--show-secrets",
  },
  {
    risk: "delete-remote",
    says: "destroys the stacks of a CDK app",
    programs: "cdk cdktf cdklocal",
    on: "destroy",
    unless: HARMLESS,
  },
  {
    risk: "change-live",
    says: "changes the resources of a CDK app",
    programs: "cdk cdktf cdklocal",
    on: "deploy, rollback, gc",
    unless: HARMLESS,
  },
  {
    risk: "delete-remote",
    says: "deletes the app with its resources",
    programs: "sam serverless sls sst copilot eb chalice zappa amplify azd",
    on: /^(delete|remove|terminate|undeploy|down|env delete|svc delete|app delete|env remove|job delete)( |$)/,
    unless: HARMLESS,
  },
  {
    risk: "change-live",
    says: "deploys to a running app",
    programs: "sam serverless sls sst copilot eb chalice zappa azd",
    on: /^(deploy|up|rollback|provision|setenv|swap|restore|abort|svc deploy|sync)( |$)/,
    unless: `${HARMLESS} --noDeploy`,
  },
];
