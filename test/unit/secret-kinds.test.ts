// Every kind of token that is known, made up and put together at run time, so that no scanner stops at this file. Each is
// masked whole in the places where people put them.
import { describe, expect, it } from "vitest";
import { createInspector } from "../../src/inspection/inspector.ts";

const inspector = createInspector({ home: "/home/ann", ownPaths: [], ownPorts: [] });

const ALNUM = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zAcD";
const HEXES = "0a1b2c3d4e5f67890718293a4b5c6d7e";
const fill = (length: number, alphabet: string) =>
  alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);
const mix = (length: number) => fill(length, ALNUM);
const hex = (length: number) => fill(length, HEXES);
const low = (length: number) => fill(length, "a3b5c7d9e1f2g4h6");
const up = (length: number) => fill(length, "A3B5C7D9E1F2G4H6");
const num = (length: number) => fill(length, "1234567890");
const UUID = `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
const cat = (...parts: readonly string[]) => parts.join("");

/** Tokens that are known by their own form, wherever they stand. */
const KINDS: readonly (readonly [kind: string, token: string])[] = [
  ["GitHub, classic", cat("gh", "p_", mix(36))],
  ["GitHub, OAuth", cat("gh", "o_", mix(36))],
  ["GitHub, user", cat("gh", "u_", mix(36))],
  ["GitHub, server", cat("gh", "s_", mix(36))],
  ["GitHub, refresh", cat("gh", "r_", mix(76))],
  ["GitHub, fine-grained", cat("github", "_pat_", mix(22), "_", mix(59))],
  ["GitLab, personal", cat("gl", "pat-", mix(20))],
  ["GitLab, routable", cat("gl", "pat-", mix(27), ".01.", low(9))],
  ["GitLab, deploy", cat("gl", "dt-", mix(20))],
  ["GitLab, runner", cat("gl", "rt-", mix(20))],
  ["GitLab, CI build", cat("gl", "cbt-", hex(2), "_", mix(20))],
  ["GitLab, trigger", cat("gl", "ptt-", hex(40))],
  ["GitLab, feed", cat("gl", "ft-", mix(20))],
  ["GitLab, incoming mail", cat("gl", "imt-", low(25))],
  ["GitLab, agent", cat("gl", "agent-", mix(50))],
  ["GitLab, OAuth app", cat("gl", "oas-", hex(64))],
  ["GitLab, SCIM", cat("gl", "soat-", mix(20))],
  ["GitLab, runner registration", cat("GR13", "48941", mix(20))],
  ["Bitbucket", cat("ATB", "B", mix(32))],
  ["Atlassian", cat("ATA", "TT3xFfGF0", mix(180), "=", up(8))],
  ["npm", cat("np", "m_", mix(36))],
  ["PyPI", cat("py", "pi-AgEIcHlwaS5vcmc", mix(130))],
  ["PyPI, test", cat("py", "pi-AgENdGVzdC5weXBpLm9yZw", mix(130))],
  ["RubyGems", cat("ruby", "gems_", hex(48))],
  ["crates.io", cat("ci", "o", mix(32))],
  ["NuGet", cat("oy", "2", low(43))],
  ["Docker Hub", cat("dckr", "_pat_", mix(27))],
  ["Docker, organisation", cat("dckr", "_oat_", mix(32))],
  ["Artifactory", cat("AK", "Cp", mix(69))],
  ["SonarQube", cat("sq", "p_", hex(40))],
  ["Sourcegraph", cat("sg", "p_", hex(16), "_", hex(40))],
  ["Buildkite", cat("bk", "ua_", hex(40))],
  ["CircleCI", cat("CCI", "PAT_", mix(22), "_", hex(40))],
  ["Postman", cat("PM", "AK-", hex(24), "-", hex(34))],
  ["Slack, bot", cat("xo", "xb-", num(12), "-", num(13), "-", mix(24))],
  ["Slack, user", cat("xo", "xp-", num(12), "-", num(12), "-", num(12), "-", hex(32))],
  ["Slack, app", cat("xa", "pp-1-A", up(10), "-", num(13), "-", hex(64))],
  ["Slack, refresh", cat("xo", "xe-1-", mix(146))],
  ["Slack, rotated", cat("xo", "xe.xo", "xb-1-", mix(160))],
  ["Slack, session", cat("xo", "xs-", num(12), "-", num(12), "-", num(12), "-", hex(64))],
  ["AWS access key id", cat("AK", "IA", up(16))],
  ["AWS, temporary id", cat("AS", "IA", up(16))],
  ["AWS, session", cat("IQoJb3", "JpZ2lu", mix(300))],
  ["AWS Bedrock", cat("AB", "SK", mix(128))],
  ["Google API key", cat("AI", "za", "Sy", mix(33))],
  ["Google OAuth client", cat("GOC", "SPX-", mix(28))],
  ["Google OAuth", cat("ya", "29.", mix(160))],
  ["Google refresh", cat("1/", "/0", mix(60))],
  ["Azure AD", cat("abc8", "Q~", mix(34))],
  ["Azure DevOps", cat(mix(76), "AZ", "DO", mix(4))],
  ["DigitalOcean", cat("dop", "_v1_", hex(64))],
  ["DigitalOcean, OAuth", cat("doo", "_v1_", hex(64))],
  ["DigitalOcean, refresh", cat("dor", "_v1_", hex(64))],
  ["Heroku", cat("HRK", "U-AA", mix(58))],
  ["Fly", cat("fo1", "_", mix(43))],
  ["Fly, macaroon", cat("fm2", "_", mix(400))],
  ["Vercel", cat("vc", "p_", mix(40))],
  ["Netlify", cat("nf", "p_", mix(36))],
  ["Cloudflare", cat("cf", "ut_", mix(40), hex(8))],
  ["Cloudflare, origin", cat("v1", ".0-", hex(24), "-", hex(146))],
  ["Vault, service", cat("hv", "s.", mix(95))],
  ["Vault, short", cat("hv", "s.", mix(24))],
  ["Vault, batch", cat("hv", "b.", mix(150))],
  ["Vault, older", cat("s", ".", mix(24))],
  ["Terraform", cat(mix(14), ".atlas", "v1.", mix(67))],
  ["Pulumi", cat("pu", "l-", hex(40))],
  ["Doppler", cat("dp.", "pt.", mix(43))],
  ["Doppler, service", cat("dp.", "st.", "prd.", mix(43))],
  ["1Password", cat("ops", "_eyJ", mix(200))],
  [
    "1Password, secret key",
    cat("A3", "-", up(6), "-", up(6), "-", up(5), "-", up(5), "-", up(5), "-", up(5)),
  ],
  ["Databricks", cat("da", "pi", hex(32))],
  ["PlanetScale", cat("psc", "ale_tkn_", mix(43))],
  ["PlanetScale, password", cat("psc", "ale_pw_", mix(43))],
  ["Supabase", cat("sb", "p_", hex(40))],
  ["Supabase, secret", cat("sb", "_secret_", mix(31))],
  ["Neon", cat("nap", "i_", low(64))],
  ["Tailscale", cat("tsk", "ey-auth-", mix(17), "-", mix(32))],
  ["ngrok", cat("2", mix(26), "_", mix(22))],
  ["New Relic", cat("NRA", "K-", up(27))],
  ["New Relic, ingest", cat("NRI", "I-", mix(32))],
  ["New Relic, licence", cat(hex(36), "NR", "AL")],
  ["Grafana, service", cat("gl", "sa_", mix(32), "_", hex(8))],
  ["Grafana, cloud", cat("gl", "c_", mix(120), "==")],
  ["Grafana, older", cat("eyJ", "rIjoi", mix(80), "==")],
  ["Sentry, organisation", cat("sntr", "ys_", "eyJ", mix(120), "_", mix(43))],
  ["Sentry, user", cat("sntr", "yu_", hex(64))],
  ["Dynatrace", cat("dt0", "c01.", up(24), ".", up(64))],
  ["Twilio API key", cat("S", "K", hex(32))],
  ["SendGrid", cat("S", "G.", mix(22), ".", mix(43))],
  ["Mailgun", cat("ke", "y-", hex(32))],
  ["Mailgun, newer", cat(hex(32), "-", hex(8), "-", hex(8))],
  ["Mailchimp", cat(hex(32), "-u", "s14")],
  ["Brevo", cat("xkey", "sib-", hex(64), "-", mix(16))],
  ["Resend", cat("r", "e_", mix(8), "_", mix(24))],
  ["Discord bot", cat("M", mix(25), ".", mix(6), ".", mix(38))],
  ["Telegram bot", cat(num(10), ":A", "A", mix(33))],
  ["Stripe, live", cat("sk", "_live_", mix(24))],
  ["Stripe, restricted", cat("rk", "_live_", mix(99))],
  ["Stripe, webhook", cat("wh", "sec_", mix(32))],
  ["Square", cat("sq0", "atp-", mix(22))],
  ["Square, secret", cat("sq0", "csp-", mix(43))],
  ["Braintree", cat("access_", "token$production$", low(16), "$", hex(32))],
  ["Plaid", cat("access-", "production-", UUID)],
  ["Shopify", cat("shp", "at_", hex(32))],
  ["Shippo", cat("shippo", "_live_", hex(40))],
  ["Linear", cat("lin", "_api_", mix(40))],
  ["Notion", cat("nt", "n_", num(11), mix(35))],
  ["Notion, older", cat("sec", "ret_", mix(43))],
  ["Figma", cat("fi", "gd_", mix(40))],
  ["Airtable", cat("pa", "t", mix(14), ".", hex(64))],
  ["Asana", cat("1/", num(16), ":", hex(32))],
  ["Trello", cat("AT", "TA", hex(64))],
  ["HubSpot", cat("pat", "-na1-", UUID)],
  ["Contentful", cat("CF", "PAT-", mix(43))],
  ["Facebook", cat("EA", "AC", mix(160))],
  ["OpenAI", cat("sk-", "proj-", mix(74), "T3Blbk", "FJ", mix(74))],
  ["OpenAI, older", cat("sk-", mix(20), "T3Blbk", "FJ", mix(20))],
  ["OpenAI, service", cat("sk-", "svcacct-", mix(100))],
  ["Anthropic", cat("sk-", "ant-api03-", mix(93), "AA")],
  ["Anthropic, OAuth", cat("sk-", "ant-oat01-", mix(93), "AA")],
  ["Anthropic, admin", cat("sk-", "ant-admin01-", mix(93), "AA")],
  ["OpenRouter", cat("sk-", "or-v1-", hex(64))],
  ["DeepSeek", cat("sk-", hex(32))],
  ["Hugging Face", cat("h", "f_", mix(34))],
  ["Replicate", cat("r", "8_", mix(37))],
  ["Perplexity", cat("pp", "lx-", mix(48))],
  ["Groq", cat("gs", "k_", mix(52))],
  ["xAI", cat("xa", "i-", mix(80))],
  ["LangSmith", cat("lsv2", "_pt_", hex(32), "_", hex(10))],
  ["Pinecone", cat("pc", "sk_", mix(6), "_", mix(60))],
  ["age", cat("AGE-", "SECRET-KEY-1", fill(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"))],
  ["JSON Web Token", cat("ey", "JhbGciOiJIUzI1NiJ9", ".ey", "JzdWIiOiIxMjM0NTY3ODkwIn0", ".", mix(43))],
  ["a key file in base64", cat("LS0tLS1", "CRUdJTi", mix(200), "==")],
];

/** Secrets without a form of their own, known by the name in front of them. */
const NAMED: readonly (readonly [kind: string, name: string, secret: string])[] = [
  ["AWS secret", "AWS_SECRET_ACCESS_KEY", `${mix(20)}/${mix(19)}`],
  ["Twilio", "TWILIO_AUTH_TOKEN", hex(32)],
  ["Datadog", "DD_API_KEY", hex(32)],
  ["Datadog, app", "DD_APP_KEY", hex(40)],
  ["Heroku, older", "HEROKU_API_KEY", UUID],
  ["Cloudflare, older", "CLOUDFLARE_API_TOKEN", mix(40)],
  ["Cohere", "COHERE_API_KEY", mix(40)],
  ["Mistral", "MISTRAL_API_KEY", mix(32)],
  ["Hetzner", "HCLOUD_TOKEN", mix(64)],
  ["PayPal", "PAYPAL_CLIENT_SECRET", mix(80)],
  ["Plaid", "PLAID_SECRET", hex(30)],
  ["WireGuard", "PrivateKey", `${mix(43)}=`],
  ["Ethereum", "ETH_PRIVATE_KEY", `0x${hex(64)}`],
  ["Django", "SECRET_KEY", mix(50)],
  ["Rails", "SECRET_KEY_BASE", hex(128)],
  ["Postgres", "PGPASSWORD", "tr0ub4dor"],
  ["MySQL", "MYSQL_PWD", "tr0ub4dor"],
  ["a JWT secret", "JWT_SECRET", mix(32)],
  ["Algolia", "ALGOLIA_ADMIN_KEY", hex(32)],
  ["Consul", "CONSUL_HTTP_TOKEN", UUID],
];

async function shownCommand(command: string): Promise<string> {
  const { shown } = await inspector.inspect({ toolName: "Bash", input: { command } }, "/work");
  return String(shown.input["command"]);
}

async function shownContent(path: string, content: string): Promise<string> {
  const { shown } = await inspector.inspect(
    { toolName: "Write", input: { file_path: path, content } },
    "/work",
  );
  return String(shown.input["content"]);
}

/** What is left of the secret once its masks are taken out: no run of its characters that would be of use. */
function isWholeMasked(shown: string, before: string, after: string): boolean {
  return /^\[secret(?: [\w-]{1,4}…)?\]$/.test(shown.slice(before.length, shown.length - after.length));
}

describe.each(KINDS)("a token of the kind %s is masked whole", (_, token) => {
  it.each([
    ["as a variable", "export SOME_TOKEN=", " && ./deploy"],
    ["in front of a command", "SOME_TOKEN='", "' ./deploy --all"],
    ["in a header", 'curl -sS -H "X-Auth-Token: ', '" https://api.example.com/v1/items?page=2'],
    ["behind Bearer", "curl -H 'Authorization: Bearer ", "' https://api.example.com | jq ."],
    ["as the value of an option", "deploy --token ", " --to production"],
    ["in a here-document", "cat > .env <<'EOF'\nNAME=shop\nSOME_TOKEN=", "\nEOF\nnpm start"],
    ["as data", `curl -d '{"token": "`, `", "n": 1}' https://api.example.com`],
  ])("%s", async (_, before, after) => {
    // Outside of single quotes the shell puts variables in place of the parts behind a dollar: no secret, then.
    if (token.includes("$") && !/'[^']*$/.test(before)) return;
    const shown = await shownCommand(before + token + after);
    expect(shown.startsWith(before) && shown.endsWith(after), shown).toBe(true);
    expect(isWholeMasked(shown, before, after), shown).toBe(true);
  });

  it("in a file", async () => {
    const [before, after] = ['{\n  "name": "shop",\n  "token": "', '"\n}\n'];
    const shown = await shownContent("/work/config.json", before + token + after);
    expect(isWholeMasked(shown, before, after), shown).toBe(true);
  });
});

describe.each(NAMED)(
  "a secret without a form of its own, of the kind %s, is masked whole",
  (_, name, secret) => {
    it.each([
      ["as a variable", `export ${name}=`, " && ./deploy"],
      ["in quotes", `${name}="`, '" ./deploy'],
      ["in a here-document", `cat > .env <<EOF\n${name}=`, "\nEOF"],
      ["written by echo", `echo '${name}=`, "' >> .env"],
    ])("%s", async (_, before, after) => {
      const shown = await shownCommand(before + secret + after);
      expect(isWholeMasked(shown, before, after), shown).toBe(true);
    });

    it.each([
      ["an environment file", `NODE_ENV=production\n${name}=`, "\nPORT=8080\n"],
      ["YAML", `env:\n  ${name}: `, "\n  PORT: 8080\n"],
      ["JSON", `{ "${name}": "`, '", "port": 8080 }'],
      ["INI", `[main]\n${name} = `, "\nport = 8080\n"],
    ])("in %s", async (_, before, after) => {
      const shown = await shownContent("/work/settings", before + secret + after);
      expect(isWholeMasked(shown, before, after), shown).toBe(true);
    });
  },
);
