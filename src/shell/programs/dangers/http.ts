// Dangers of requests that are sent by hand: a DELETE, or a path and a body of which it is known what they do.
import { type Invocation, operandTexts, optionsOf } from "../../invocation.ts";
import type { Danger } from "./danger.ts";

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
    url: /\/(_delete_by_query|delete-batch|delete-by-query|clear)\b/,
  },
  {
    risk: "delete-data",
    says: "deletes an index or documents of a search server",
    method: /DELETE/,
    url: /:(9200|9201|7700|8108)\b|elastic|opensearch|\/_doc\/|\/indexes\/|meilisearch|algolia/,
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
    url: /\/(api\/v1|apis)\//,
  },
  { risk: "delete-remote", says: "deletes a part of an API gateway", method: /DELETE/, url: /:8001\// },
  {
    risk: "delete-remote",
    says: "stops or deletes something by an API of Docker",
    method: /DELETE|POST/,
    url: /\/(containers|images|volumes|networks)\/(\S+\/(kill|stop|remove)|prune|[^/\s]+$)/,
    body: /^$/,
  },
  {
    risk: "change-live",
    says: "empties a cache at a CDN",
    url: /\/purge_cache\b|\/purge(_all)?\b/,
    method: /POST|PURGE/,
  },
  {
    risk: "delete-remote",
    says: "sends a deletion as GraphQL",
    body: /mutation[\s\S]*\b\w*([dD]elete|[rR]emove|[dD]estroy|[aA]rchive|[sS]top|[rR]estore|[wW]ipe)\w*/,
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
    url: /\/(doDelete|doWipeOutWorkspace|safeRestart|restart|exit|safeExit|quietDown|disable)\b/,
  },
  {
    risk: "change-live",
    says: "moves money or ends what customers pay for",
    method: /POST|DELETE|PUT/,
    url: /(stripe|braintree\w*|paypal|adyen|square\w*)\S*\/(refunds?|void|cancel|subscriptions|customers|charges|payouts|transfers|payment_methods|transactions|merchants|invoices|products|prices|webhook_endpoints|coupons)\b/,
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
    url: /\/-\/(quit|reload)\b|\/(actuator\/)?shutdown$/,
  },
  {
    risk: "grant-access",
    says: "changes who has access, by an API",
    method: /POST|PUT|PATCH/,
    url: /\/(collaborators|memberships|members|iam|policies|roles|api[_-]?keys|access[_-]tokens)(\/|\?|$)/,
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

interface SentRequest {
  readonly method: string;
  readonly urls: readonly string[];
  readonly body: string;
}

function requestOf(call: Invocation): SentRequest {
  const operands = operandTexts(call);
  const { values, has } = optionsOf(call);
  const isCurl = call.name.startsWith("curl");
  const isWget = call.name.startsWith("wget");
  const data = values(
    "-d",
    "--data",
    "--data-raw",
    "--data-binary",
    "--data-ascii",
    "--data-urlencode",
    "--json",
    "--form",
    "-F",
    "--raw",
    "--body-data",
    "--post-data",
  );
  const body = [
    ...data.map(({ text }) => text),
    ...(isCurl || isWget ? [] : operands.slice(1)),
    call.input?.text ?? "",
  ]
    .join(" ")
    .trim();
  if (isCurl || isWget) {
    const methods = values("-X", "--request", "--method").map(({ text }) => text);
    // Behind `--next` each request has its own method: the worst one counts for all.
    const given = methods.find((method) => method.toUpperCase() === "DELETE") ?? methods.at(-1);
    const sends = data.length > 0 || has("--post-file", "--body-file");
    return {
      method: (given ?? (sends && !has("-G", "--get") ? "POST" : "GET")).toUpperCase(),
      urls: [...operands, ...values("--url").map(({ text }) => text)],
      body,
    };
  }
  const [first = ""] = operands;
  const isMethod = /^[A-Za-z]+$/.test(first) && operands.length > 1;
  return {
    method: isMethod ? first.toUpperCase() : body === "" ? "GET" : "POST",
    urls: operands.slice(isMethod ? 1 : 0, isMethod ? 2 : 1),
    body,
  };
}
