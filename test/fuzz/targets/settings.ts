// The settings: .env, which other programs write into as well, and the environment. A value that is written is read back, nothing else
// changes, and what is wrong is refused without being repeated.
import { strict as assert } from "node:assert";
import { parse } from "dotenv";
import fc from "fast-check";
import { parseConfig } from "../../../src/config/config.ts";
import { mergeEnv } from "../../../src/config/env-file.ts";
import { VARIABLE_NAMES } from "../../../src/config/environment.ts";
import { ConfigError } from "../../../src/domain/errors.ts";
import { anyText, mutated } from "../inputs/text.ts";
import { target } from "../target.ts";

const ENV = ["A=1\nB='x y'\n# c\nexport C=\"q\"\n", "TWILIO_AUTH_TOKEN=x\r\nB=`y`\r\n", "A='\nB=2\n", ""];
/** What dotenv reads in more than one way. */
const quoted = fc
  .array(fc.constantFrom("'", '"', "`", "\\n", "\\", "#", " #", " ", "$A", "=", "a"), { maxLength: 6 })
  .map((parts) => parts.join(""));

const input = fc.record({
  env: mutated(ENV, 3),
  value: fc.oneof(anyText, quoted),
  settingsOf: fc.array(
    fc.tuple(
      fc.constantFrom(...VARIABLE_NAMES),
      fc.oneof(
        anyText,
        fc.constantFrom("0", "8000", "all", "+15005550006", "on", "0.0.0.0", "127.0.0.1", "::"),
      ),
    ),
    { maxLength: 4 },
  ),
});

export default target("settings", ".env and the environment → the settings, or what is wrong", 2, () => ({
  input,
  check({ env, value, settingsOf }) {
    try {
      const merged = parse(mergeEnv(env, { NEW_VALUE: value }));
      assert.deepEqual({ ...merged }, { ...parse(env), NEW_VALUE: value }, "another setting has changed");
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      if (
        value.length > 3 &&
        !"NEW_VALUE: this value cannot be written so that it reads back the same".includes(value)
      )
        assert.ok(!error.message.includes(value), "an error has the value");
    }
    try {
      const config = parseConfig(Object.fromEntries(settingsOf));
      assert.ok(config.timeoutMs >= 10_000 && config.timeoutMs <= 3_600_000);
      if (!/^(127\.|localhost$|::1$)/.test(config.host))
        assert.ok(config.token !== undefined, "open to others without a token");
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
    }
  },
  growth: [
    {
      name: "a .env of spaces",
      from: 2_000,
      run: (size: number) => mergeEnv(`A=${" ".repeat(size)}x#\n`, { B: "1" }),
    },
    {
      name: "a .env of newlines",
      from: 2_000,
      run: (size: number) => mergeEnv(`${"\n".repeat(size)}x`, { B: "1" }),
    },
  ],
}));
