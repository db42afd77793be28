// Masking: a secret of a known shape is gone wherever it stands, nothing else is, and a second look changes nothing.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { createSecretMasker } from "../../../src/inspection/secrets.ts";
import { script } from "../inputs/script.ts";
import { SECRETS } from "../inputs/secret-samples.ts";
import { anyText, piece, samples } from "../inputs/text.ts";
import { target } from "../target.ts";

const MASK = /\[secret(?: [A-Za-z0-9-]{1,4}…)?\]/;
/** What may stand beside a secret; a letter, a digit or a sign of its own alphabet would be a part of it. */
const EDGE = fc.constantFrom(
  " ",
  "\n",
  "\t",
  '"',
  "'",
  "`",
  ";",
  "&",
  "|",
  "(",
  ")",
  "<",
  ">",
  ",",
  " = ",
  ": ",
  "é",
  "💥",
  "$(",
);
const around = fc.oneof(
  { weight: 3, arbitrary: anyText },
  { weight: 2, arbitrary: script },
  { weight: 1, arbitrary: fc.constantFrom(...samples("secrets.ordinary.txt")) },
  { weight: 2, arbitrary: fc.array(piece, { maxLength: 8 }).map((all) => all.join("")) },
);
const masker = createSecretMasker();

const input = fc.record({
  before: around,
  left: EDGE,
  secret: fc.constantFrom(...SECRETS),
  right: EDGE,
  after: around,
  tool: fc.constantFrom("Bash", "Write", "mcp__x__y", "WebFetch"),
  field: fc.constantFrom("command", "content", "text", "url", "prompt"),
});

/** What a mask may take the place of: a password may hold any sign, but no space and no quote. */
const SECRET_TEXT = "[^\\s\"']+";

export default target("masking", "any text with a secret in it → the text that is shown", 3, () => ({
  input,
  check({ before, left, secret, right, after, tool, field }) {
    const text = before + left + secret + right + after;
    const masked = masker.mask(text);
    if (masked.checked) assert.ok(!masked.text.includes(secret), "a secret is still there");
    assert.deepEqual(masker.mask(text), masked, "the same text has the same masks");
    const again = masker.mask(masked.text);
    assert.equal(again.text, masked.text, "a second look masks more");
    if (!before.includes("[secret") && !after.includes("[secret")) {
      const kept = masked.text.split(MASK).map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
      if (kept.length < 6)
        assert.match(text, new RegExp(`^${kept.join(SECRET_TEXT)}$`), "something else has vanished");
    }
    // The name of a program is never masked, nor what is one somewhere: a command has it once, where a value stands.
    const isCommand = tool === "Bash" && field === "command";
    const shown = isCommand
      ? `curl -H "Authorization: Bearer ${secret}" https://x.example/\n${before.replaceAll(secret, "")}`
      : text;
    const { value, checked } = masker.maskCall({ toolName: tool, input: { [field]: shown } });
    if (isCommand) assert.ok(!JSON.stringify(value).includes(`Bearer ${secret}`), "a header shows a secret");
    else if (checked)
      assert.ok(
        !JSON.stringify(value).includes(JSON.stringify(secret).slice(1, -1)),
        "a call shows a secret",
      );
  },
  growth: [
    ...[
      "a",
      "=",
      "a=:",
      "eyJ",
      "password: ",
      "-----BEGIN PRIVATE ",
      "://a:b",
      "://a:b@",
      "key=aB3",
      "\n",
      " ",
      "a.b-",
      "'",
      "sk-",
      "AKIA",
      "Bearer a-",
      '{"k":"v"}',
      "-u a:",
    ].map((part) => ({
      name: JSON.stringify(part),
      from: 16_000,
      run: (size: number) => masker.mask(part.repeat(size / part.length) + size),
    })),
    ...["-p ", "--token=", "A=1 ", "curl -H 'x: ' ", "mysql -pX "].map((part) => ({
      name: `command of ${JSON.stringify(part)}`,
      from: 4_000,
      run: (size: number) =>
        masker.maskCall({ toolName: "Bash", input: { command: part.repeat(size / part.length) + size } }),
    })),
  ],
}));
