// A command about the server whose folder is not there: mistyped, most often.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { homeIn } from "../../src/config/home.ts";
import { runHere } from "../helpers/command-line.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const instead = async () => 0;
const WARNING = /^! The folder .*mistyped is not there: only the environment and the defaults count\.\n$/;

describe("the folder of --dir that is not there", () => {
  const missing = () => homeIn(join(temporaryFolder(), "mistyped"));

  it.each([["log"], ["audit"], ["status"], ["doctor"], ["pair", "telegram"], ["backup", "to.db"]])(
    "is named by %s, which answers beside it",
    async (...argv) => {
      const { code, out, err } = await runHere(argv, { home: missing(), instead });
      expect({ code, out }).toEqual({ code: 0, out: "" });
      expect(err).toMatch(WARNING);
    },
  );

  it.each([
    ["setup"],
    ["policy", "init", "cautious"],
    ["service", "install"],
    ["wait-reply"],
    ["ask", "Deploy?"],
  ])("is no matter to %s", async (...argv) => {
    expect(await runHere(argv, { home: missing(), instead })).toMatchObject({ code: 0, err: "" });
  });

  it("is no matter where nobody chose it, or it is there", async () => {
    for (const each of [homeIn(missing().folder, "clone"), homeIn(temporaryFolder())])
      expect(await runHere(["log"], { home: each, instead })).toMatchObject({ code: 0, err: "" });
  });

  it("is shown with nothing hidden", async () => {
    const { err } = await runHere(["log"], { home: homeIn("/none/mistyped\u202ex"), instead });
    expect(err).toContain("/none/mistyped⟨U+202E⟩x");
  });
});
