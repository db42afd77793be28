// Dangers of Heroku and its command line.
import type { Danger } from "./danger.ts";
import { HARMLESS, rows } from "./remote.ts";

const HEROKU = { programs: "heroku", unless: HARMLESS } as const;

export const HEROKU_DANGERS: readonly Danger[] = [
  ...rows(
    { ...HEROKU, risk: "delete-remote" },
    {
      "apps:destroy, apps:delete, destroy, apps:leave": "deletes an app with all that belongs to it",
      "addons:destroy, addons:delete, addons:detach": "deletes or takes away an add-on, a database perhaps",
      "domains:remove, domains:clear, certs:remove": "takes a domain or a certificate away",
      "keys:remove, keys:clear, access:remove, members:remove, authorizations:revoke, authorizations:destroy":
        "takes away somebody's access",
      "config:unset": "deletes settings of a running app",
      "pipelines:destroy, spaces:destroy, teams:destroy, drains:remove, webhooks:remove":
        "deletes a pipeline, a space or a drain",
    },
  ),
  ...rows(
    { ...HEROKU, risk: "delete-data" },
    {
      "pg:reset": "deletes all data of a database",
      "pg:copy, pg:backups:restore, pg:push": "overwrites a database",
      "pg:backups:delete, pg:backups:unschedule": "deletes backups or ends them",
      "redis:reset, pg:upgrade": "replaces a database",
    },
  ),
  ...rows(
    { ...HEROKU, risk: "change-live" },
    {
      "ps:scale, ps:stop, ps:kill, ps:restart, dyno:stop, dyno:kill, dyno:restart, restart, stop, scale, ps:resize":
        "stops, restarts or resizes a running app",
      "maintenance:on, rollback, releases:rollback, config:set, pg:killall, pg:kill, pg:promote, features:disable, apps:rename, apps:transfer, pipelines:promote, container:release":
        "changes a running app",
    },
  ),
  ...rows(
    { ...HEROKU, risk: "show-secret" },
    {
      "config, config:get, pg:credentials:url, auth:token, pg:credentials, redis:credentials":
        "shows settings, which hold secrets",
    },
  ),
  ...rows(
    { ...HEROKU, risk: "grant-access" },
    { "access:add, members:add, sharing:add, authorizations:create, members:set": "gives somebody access" },
  ),
];
