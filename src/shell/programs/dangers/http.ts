// Dangers of requests that are sent by hand: a DELETE, or a path and a body of which it is known what they do.
import type { Danger } from "./danger.ts";
import { requestOf } from "./sent-request.ts";

const PROGRAMS = "curl curlie wget wget2 http https xh xhs httpie";

/** What a request does, by its method, its address and its body. The first that fits is told, besides none. */
const REQUESTS: readonly {
  readonly says: string;
  readonly risk: "delete-data" | "delete-remote" | "change-live" | "grant-access" | "run-remote";
  readonly method?: RegExp;
  readonly url?: RegExp;
  readonly body?: RegExp;
}[] = [
  {
    risk: "delete-data",
    says: "deletes documents of a search server",
    method: /POST/,
    url: /\/(_delete_by_query|documents\/delete(-batch)?)\b|algolia\S*\/(clear|deleteByQuery)\b/,
  },
  {
    risk: "delete-data",
    says: "deletes an index or documents of a search server",
    method: /DELETE/,
    url: /:(9200|9201|7700|8108)\b|elastic|opensearch|\/_doc\/|\/indexes\/|meilisearch|algolia/,
  },
  {
    risk: "delete-data",
    says: "deletes mail, or takes it out of the inbox",
    method: /POST/,
    url: /gmail\S*\/(messages|threads)\/(batchDelete|\S+\/trash)\b|outlook\S*\/permanentDelete\b/,
  },
  {
    risk: "delete-data",
    says: "deletes mail, or takes it out of the inbox",
    method: /POST/,
    url: /gmail\S*\/messages\/(batchModify|\S+\/modify)\b/,
    body: /removeLabelIds\S*INBOX/,
  },
  {
    risk: "delete-data",
    says: "deletes documents of a search server",
    method: /POST/,
    url: /\/update\b/,
    body: /<delete>|"delete"/,
  },
  {
    risk: "change-live",
    says: "closes an index or changes a search server's settings",
    method: /POST|PUT|PATCH/,
    url: /\/(_close|_cluster\/settings|_cluster\/reroute|_shrink|_split)\b|:9200\S*\/_settings|\/indexes\/\S+\/settings|\/swap-indexes/,
  },
  {
    risk: "delete-remote",
    says: "deletes something in a Kubernetes cluster",
    method: /DELETE/,
    url: /\/api\/v1\/(namespaces|nodes|persistentvolumes)\b|\/apis\/[\w.]+\/v\d/,
  },
  {
    risk: "delete-remote",
    says: "deletes a part of an API gateway",
    method: /DELETE/,
    url: /:8001\/\S*(services|routes|plugins|consumers|upstreams|targets|certificates|snis)\b/,
  },
  {
    risk: "delete-remote",
    says: "deletes something by Docker's API",
    method: /DELETE/,
    url: /(docker|:237[56]|\/v1\.\d+)\S*\/(containers|images|volumes|networks)\/\S+/,
    body: /^$/,
  },
  {
    risk: "change-live",
    says: "empties a cache at a CDN",
    url: /\/purge_cache\b|(fastly|cloudflare|bunny|akamai)\S*\/purge/,
    method: /POST|PURGE/,
  },
  {
    risk: "delete-remote",
    says: "sends a deletion as GraphQL",
    body: /mutation[\s\S]*\b\w*([dD]elete|[rR]emove|[dD]estroy|[wW]ipe)\w*/,
  },
  {
    risk: "change-live",
    says: "sends a change as GraphQL to where things run",
    body: /mutation/,
    url: /railway|fly\.io|github\.com|gitlab|newrelic|shopify/,
  },
  {
    risk: "run-remote",
    says: "runs code on a Jenkins server",
    method: /POST/,
    url: /\/(scriptText|script)\b/,
  },
  {
    risk: "delete-remote",
    says: "deletes or stops something at Jenkins",
    method: /POST/,
    url: /\/(doDelete|doWipeOutWorkspace|safeRestart|safeExit|quietDown)\b|jenkins\S*\/(restart|exit|disable)\b/,
  },
  {
    risk: "change-live",
    says: "moves money or ends what customers pay for",
    method: /POST|DELETE|PUT/,
    url: /(stripe|braintree\w*|paypal|adyen|square\w*)\S*\/(refunds?|void|cancel|charges|payouts|transfers|capture)\b/,
  },
  {
    risk: "delete-data",
    says: "deletes data of a metrics server",
    method: /POST|PUT/,
    url: /\/api\/v\d\/admin\/tsdb\/(delete_series|clean_tombstones)|\/delete_series/,
  },
  {
    risk: "change-live",
    says: "stops a server by its API",
    method: /POST|PUT/,
    url: /\/-\/quit\b|\/(actuator\/)?shutdown$/,
  },
  {
    risk: "grant-access",
    says: "changes who has access, by an API",
    method: /POST|PUT|PATCH/,
    url: /(github|gitlab|googleapis|atlassian|auth0|okta)\S*\/(collaborators|memberships|members|iam|policies|roles|access[_-]tokens)(\/|\?|$)/,
  },
  {
    risk: "change-live",
    says: "changes which features customers see",
    method: /PATCH|PUT|POST/,
    url: /launchdarkly|split\.io|unleash|flagsmith|configcat/,
  },
  {
    risk: "delete-remote",
    says: "deletes mail settings or addresses by an API",
    method: /DELETE/,
    url: /sendgrid|mailgun|postmark|mailchimp|sparkpost/,
  },
  { risk: "delete-remote", says: "sends a DELETE request to a server", method: /DELETE/ },
];

export const HTTP_DANGERS: readonly Danger[] = REQUESTS.map(({ risk, says, method, url, body }, index) => ({
  risk,
  says,
  programs: PROGRAMS,
  unless: "--help --offline",
  ...(index === REQUESTS.length - 1 ? { otherwise: true as const } : {}),
  when: (call) => {
    const request = requestOf(call);
    return (
      (method === undefined || method.test(request.method)) &&
      (url === undefined || request.urls.some((each) => url.test(each))) &&
      (body === undefined || body.test(request.body))
    );
  },
}));
