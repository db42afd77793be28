// Dangers of where things are served: what deletes an app, its data or its settings, and what changes a running one.
import type { Danger } from "./danger.ts";
import { deletesAt, HARMLESS, rows } from "./remote.ts";

const unless = HARMLESS;
const FLY = { programs: "fly flyctl", unless } as const;
const RAILWAY = { programs: "railway", unless } as const;
const KAMAL = { programs: "kamal", unless } as const;

/** With `--prod` these only look, or build here. */
const VERCEL_LOOKS =
  /^(ls|list|inspect|logs|env|pull|build|dev|link|open|project|domains|dns|certs|curl)( |$)/;

export const HOSTING_DANGERS: readonly Danger[] = [
  ...rows(
    { programs: "vercel now", unless, risk: "delete-remote" },
    {
      "remove, rm, projects rm, projects remove, project rm, project remove":
        "deletes a deployment or a project",
      "domains rm, domains remove, dns rm, dns remove, certs rm, certs remove, alias rm, alias remove":
        "takes a domain, a DNS record or an alias away",
      "env rm, env remove, secrets rm, secrets remove, blob del, blob delete, blob store remove, blob store delete":
        "deletes settings, secrets or stored files of a project",
      "integration-resource remove, integration remove, teams remove, cache purge, redirects remove":
        "deletes a part of a project",
    },
  ),
  {
    programs: "vercel now",
    unless,
    risk: "change-live",
    says: "replaces what visitors see",
    notOn: VERCEL_LOOKS,
    options: "--prod",
  },
  ...rows(
    { programs: "vercel now", unless, risk: "change-live" },
    { "rollback, promote, alias set, alias, domains move, domains transfer-in": "changes what visitors see" },
  ),
  ...rows(
    { programs: "vercel now", unless, risk: "show-secret" },
    { "env pull": "fetches settings, which hold secrets" },
  ),
  ...rows(
    { programs: "netlify ntl", unless, risk: "delete-remote" },
    {
      "sites:delete": "deletes a site",
      "env:unset, blobs:delete, functions:delete": "deletes settings or stored files of a site",
    },
  ),
  {
    programs: "netlify ntl",
    unless,
    risk: "change-live",
    says: "replaces what visitors see",
    on: "deploy",
    options: "--prod -p --prod-if-unlocked",
  },
  {
    programs: "netlify ntl",
    unless,
    risk: "change-live",
    says: "sets settings of a site anew",
    on: "env:import",
    word: /replace-existing/,
  },
  ...rows(
    { ...FLY, risk: "delete-remote" },
    {
      "apps destroy, apps delete, destroy, apps rm": "deletes an app with all that belongs to it",
      "machine destroy, machines destroy, machine remove, machine rm, m destroy, m rm":
        "deletes machines of an app",
      "secrets unset, certs remove, certs delete, ips release, wireguard remove, tokens revoke, orgs delete, orgs remove":
        "takes a secret, a certificate, an address or access away",
      "image remove, extensions destroy, redis destroy, redis delete, storage destroy, storage delete":
        "deletes something at Fly.io",
    },
  ),
  ...rows(
    { ...FLY, risk: "delete-data" },
    {
      "volumes destroy, volumes delete, volume destroy, volume delete, vol destroy, vol delete, vol rm":
        "deletes a volume with its data",
      "postgres detach, mpg destroy, mpg delete, pg detach, postgres import":
        "deletes a database, or takes it away or overwrites it",
    },
  ),
  ...rows(
    { ...FLY, risk: "change-live" },
    {
      "scale, apps suspend, apps restart, machine stop, machine kill, machines stop, apps move, machine update, postgres failover, postgres restart, releases rollback, suspend, restart":
        "changes or stops a running app",
    },
  ),
  ...rows(
    { ...RAILWAY, risk: "delete-remote" },
    {
      "delete, project delete": "deletes a project with all that runs in it",
      "environment delete, env delete, environment rm": "deletes an environment with all that runs in it",
      "service delete, service rm, functions delete, function delete, func delete, fn delete, functions rm":
        "deletes a service or a function",
      "down, deployment remove": "takes away what was deployed last",
      "variable delete, variables delete, variable rm, vars delete, var delete":
        "deletes settings of a service",
      "domain delete": "takes a domain away",
    },
  ),
  ...rows(
    { ...RAILWAY, risk: "delete-data" },
    {
      "volume delete, volume rm, volume detach, volume remove":
        "deletes a volume, or takes it from its service",
    },
  ),
  {
    ...RAILWAY,
    risk: "change-live",
    says: "changes where a service finds its database",
    on: /^(variables?|vars?)( |$)/,
    word: /(DATABASE|POSTGRES|PG|MYSQL|REDIS|MONGO)\w*=/,
  },
  {
    ...RAILWAY,
    risk: "show-secret",
    says: "shows settings, which hold secrets",
    on: /^(variables?|vars?)( (list|ls))?$/,
  },
  ...rows(
    { ...KAMAL, risk: "delete-remote" },
    {
      "remove, app remove, proxy remove, traefik remove, registry remove, prune all, prune images, prune containers":
        "deletes containers and images on the servers",
    },
  ),
  ...rows(
    { ...KAMAL, risk: "delete-data" },
    { "accessory remove": "deletes an accessory, a database perhaps, with its data" },
  ),
  ...rows(
    { ...KAMAL, risk: "change-live" },
    {
      "deploy, redeploy, rollback, app stop, app boot, proxy reboot, proxy stop, accessory stop, accessory reboot, accessory boot, lock release, maintenance, setup":
        "changes or stops a running app",
    },
  ),
  {
    ...KAMAL,
    risk: "run-remote",
    says: "runs commands on the servers of an app",
    on: "app exec, server exec, accessory exec, console",
  },
  deletesAt(
    "dokku caprover porter dokploy nixpacks eas expo amplify surge render deployctl northflank qovery",
    "where apps are served",
  ),
  {
    risk: "delete-data",
    says: "deletes volumes, apps or secrets at Modal",
    programs: "modal",
    on: /^(volume|nfs|dict|queue|secret|environment|app|container|token|profile) (delete|rm|stop|clear|remove|put --force)( |$)/,
    unless,
  },
  { risk: "delete-remote", says: "takes a site off", programs: "surge", on: "teardown", unless },
  {
    risk: "delete-data",
    says: "deletes a database with all its data",
    programs: "dokku",
    on: /^(postgres|mysql|mariadb|mongo|redis):destroy( |$)/,
    unless,
  },
];
