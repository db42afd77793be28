// Dangers of where code lives and is built: repositories, releases, secrets, runs.
import { type Invocation, optionsOf } from "../../invocation.ts";
import type { Danger } from "./danger.ts";
import { deletesAt, rows } from "./remote.ts";

const unless = "--help";
const GH = { programs: "gh", unless } as const;
const GLAB = { programs: "glab", unless } as const;

const SECRET =
  /^(?:[^=\s]*[=@])?[^=@:\s]*(?:\.env(?:\.\w+)?|\.netrc|\.git-credentials|\.ssh\/id_\w+|\.aws\/credentials|gh\/hosts\.yml)$/;

export const CODE_HOST_DANGERS: readonly Danger[] = [
  ...rows(
    { ...GH, risk: "delete-remote" },
    {
      "repo delete": "deletes a repository with all that is in it",
      "repo archive": "makes a repository read-only",
      "release delete": "deletes a release",
      "release delete-asset": "deletes a file of a release",
      "issue delete, issue transfer, project delete, project item-delete, project field-delete, label delete, discussion delete":
        "deletes or moves an issue, a label or a project",
      "gist delete": "deletes a gist",
      "secret delete, secret remove, variable delete, variable remove":
        "deletes secrets or settings of a repository",
      "ssh-key delete, gpg-key delete, repo deploy-key delete":
        "deletes a key, and with it somebody's access",
      "run delete, cache delete, codespace delete, cs delete, extension remove-all, attestation delete, ruleset delete, repo autolink delete, repo license delete":
        "deletes runs, caches or codespaces",
      "repo rename": "gives a repository another name",
    },
  ),
  {
    ...GH,
    risk: "grant-access",
    says: "changes who may see a repository",
    on: "repo edit",
    options: "--visibility",
  },
  {
    ...GH,
    risk: "change-live",
    says: "changes a repository's settings",
    on: "repo edit",
    options: "--default-branch --delete-branch-on-merge --template --allow-forking --enable-wiki",
  },
  {
    ...GH,
    risk: "weaken-protection",
    says: "merges past the rules of a repository",
    on: "pr merge",
    options: "--admin",
  },
  { ...GH, risk: "change-live", says: "merges into a shared branch", on: "pr merge", otherwise: true },
  {
    ...GH,
    risk: "delete-remote",
    says: "deletes a branch at GitHub",
    on: "pr merge, pr close",
    options: "-d --delete-branch",
  },
  {
    ...GH,
    risk: "rewrite-history",
    says: "overwrites a branch at GitHub",
    on: "repo sync",
    options: "--force",
  },
  ...rows(
    { ...GH, risk: "change-live" },
    {
      "workflow run, run rerun": "starts a workflow",
      "workflow disable": "switches a workflow off",
      "run cancel": "stops a running workflow",
      "secret set, variable set": "changes secrets or settings of a repository",
    },
  ),
  ...rows(
    { ...GH, risk: "grant-access" },
    { "ssh-key add, gpg-key add, repo deploy-key add, auth refresh": "gives a key or a token access" },
  ),
  ...rows({ ...GH, risk: "show-secret" }, { "auth token": "shows the token of GitHub" }),
  {
    ...GH,
    risk: "show-secret",
    says: "shows the token of GitHub",
    on: "auth status",
    options: "-t --show-token",
  },
  {
    programs: "gh glab hub",
    risk: "send-file",
    says: "sends out a file that may hold secrets",
    notOn: /^\S+ (view|list|status|diff|checks)( |$)/,
    when: ({ args }) => args.some(({ text }) => SECRET.test(text)),
  },
  {
    programs: "gh glab",
    risk: "grant-access",
    says: "changes who has access to a repository",
    on: /^api .*(collaborators|memberships|members|teams\/|invitations|deploy_keys|(?:^|\/)keys)/,
    when: changesByRequest,
  },
  {
    programs: "gh glab",
    risk: "delete-remote",
    says: "deletes a repository with all that is in it",
    on: /^api (https:\/\/api\.github\.com)?\/?(repos\/[^/ ]+\/[^/ ]+|projects\/[^/ ]+)\/?( |$)/,
    when: deletesByRequest,
  },
  {
    programs: "gh glab",
    risk: "delete-remote",
    says: "sends a DELETE request to where the code lives",
    on: "api",
    otherwise: true,
    when: deletesByRequest,
  },
  {
    programs: "gh glab",
    risk: "change-live",
    says: "sends a change to where the code lives",
    on: /^api (?!graphql)/,
    when: changesByRequest,
  },
  {
    programs: "gh glab",
    risk: "delete-remote",
    says: "sends a deletion to where the code lives",
    on: "api graphql",
    word: /mutation[\s\S]*\b(delete|remove|archive)[A-Z]\w*/,
  },
  {
    programs: "gh glab",
    risk: "change-live",
    says: "sends a change to where the code lives",
    on: "api graphql",
    word: /\bmutation\b/,
  },
  ...rows(
    { ...GLAB, risk: "delete-remote" },
    {
      "repo delete, project delete": "deletes a project with all that is in it",
      "repo archive, project archive": "makes a project read-only",
      "release delete": "deletes a release",
      "variable delete, variable remove": "deletes settings or secrets of a project",
      "issue delete, mr delete, snippet delete, label delete, milestone delete, ssh-key delete, deploy-key delete, schedule delete, ci delete, pipeline delete, runner delete, cluster agent delete, securefile remove, token revoke, incident delete, iteration delete":
        "deletes something at GitLab",
    },
  ),
  ...rows(
    { ...GLAB, risk: "change-live" },
    {
      "mr merge, mr accept": "merges into a shared branch",
      "ci run, ci trigger, pipeline run, ci retry, schedule run": "starts a pipeline",
      "ci cancel, pipeline cancel": "stops a running pipeline",
      "variable set, variable update, repo transfer, repo mirror": "changes a project's settings",
    },
  ),
  deletesAt("glab tea hub", "where the code lives"),
];

/** The method stands in an option, and without one fields make it POST. */
function methodOf(call: Invocation): string {
  const { values, has } = optionsOf(call);
  const [method] = values("-X", "--method");
  return (
    method?.text ?? (has("-f", "-F", "--field", "--raw-field", "--input") ? "POST" : "GET")
  ).toUpperCase();
}

function deletesByRequest(call: Invocation): boolean {
  return methodOf(call) === "DELETE";
}

function changesByRequest(call: Invocation): boolean {
  return /^(PUT|PATCH|POST)$/.test(methodOf(call));
}
