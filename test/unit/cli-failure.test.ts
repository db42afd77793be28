// What a person reads of an error that ended a command, and when it is coloured.
import { describe, expect, it } from "vitest";
import { failureText } from "../../src/cli/failure.ts";
import { ServerError } from "../../src/cli/local-client.ts";
import { createPaint, mayBeColoured } from "../../src/cli/paint.ts";
import { ConfigError, DeliveryError } from "../../src/domain/errors.ts";

const plain = createPaint(false);

describe("the words of an error", () => {
  it("are a line for each problem, with the advice below it", () => {
    expect(failureText(new ConfigError(["A: is missing", "B: is wrong"]), plain)).toBe(
      "✗ A: is missing\n✗ B: is wrong\n",
    );
    expect(failureText(new DeliveryError("Twilio is down.", "Try again."), plain)).toBe(
      "✗ Twilio is down.\n  Try again.\n",
    );
    expect(failureText(new ServerError("Not running.", "Start it."), plain)).toBe(
      "✗ Not running.\n  Start it.\n",
    );
    expect(failureText(new ServerError("It refuses."), plain)).toBe("✗ It refuses.\n");
  });

  it("have no stack where the system says what happened, and one where it is a mistake in here", () => {
    const denied = Object.assign(new Error("EACCES: permission denied, open 'x'"), { code: "EACCES" });
    expect(failureText(denied, plain)).toBe("✗ EACCES: permission denied, open 'x'\n");
    expect(failureText(new TypeError("x is not a function"), plain)).toContain("cli-failure.test");
    expect(failureText("odd", plain)).toBe("✗ odd\n");
  });
});

describe("colours", () => {
  const terminal = { isTTY: true, hasColors: () => true };

  it.each<[string, object, Readonly<Record<string, string>>, boolean]>([
    ["a terminal", terminal, {}, true],
    ["a terminal with NO_COLOR empty", terminal, { NO_COLOR: "" }, true],
    ["a terminal with NO_COLOR", terminal, { NO_COLOR: "1" }, false],
    ["a terminal without colours", { isTTY: true, hasColors: () => false }, {}, false],
    ["a file", { isTTY: false, hasColors: () => true }, {}, false],
    ["a pipe", {}, {}, false],
    ["a pipe with FORCE_COLOR", {}, { FORCE_COLOR: "1" }, true],
    ["a pipe with FORCE_COLOR empty", {}, { FORCE_COLOR: "" }, false],
    ["a terminal with FORCE_COLOR=0", terminal, { FORCE_COLOR: "0" }, false],
    ["a pipe with FORCE_COLOR and NO_COLOR", {}, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
  ])("of %s", (_, stream, env, expected) => {
    expect(mayBeColoured(stream, env)).toBe(expected);
  });

  it("are none where they may not be", () => {
    expect(createPaint(false)("red", "x")).toBe("x");
    expect(createPaint(true)("red", "x")).toBe("\u001b[31mx\u001b[39m");
  });
});
