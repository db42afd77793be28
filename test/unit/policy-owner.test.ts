// Whose policy.json counts: that of the server's own user, or root's. Whoever owns the file decides for the person.
import { chmodSync, chownSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readPolicyFile } from "../../src/policy/read-policy-file.ts";
import { CONTEXT, policyText } from "../helpers/policy-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const GOOD = policyText([{ decision: "allow", rules: ["Bash(npm test)"] }]);
const NOT_OURS = { kind: "bad", problems: ["belongs to another user: make it your own, or root's"] };
const SOMEBODY = 4_242;

function policyFile(mode = 0o600): string {
  const path = join(temporaryFolder(), "policy.json");
  writeFileSync(path, GOOD);
  chmodSync(path, mode);
  return path;
}

function runAs(user: number): void {
  const spy = vi.spyOn(process, "getuid").mockReturnValue(user);
  onTestFinished(() => spy.mockRestore());
}

/** Makes a file another user's than the server's: root can give it away, everybody else looks from another user's side. */
function makeAnothers(path: string): void {
  if (process.getuid?.() === 0) chownSync(path, SOMEBODY, SOMEBODY);
  else runAs(statSync(path).uid + 1);
}

describe("the owner of policy.json", () => {
  it.each([0o600, 0o400, 0o644])("that is another user makes it refused, whatever its mode: %o", (mode) => {
    const path = policyFile(mode);
    expect(readPolicyFile(path, CONTEXT).kind).toBe("good");
    makeAnothers(path);
    expect(readPolicyFile(path, CONTEXT)).toEqual(NOT_OURS);
  });

  it("may be the server's user, who need not be root", () => {
    const path = policyFile();
    if (process.getuid?.() === 0) {
      chownSync(path, SOMEBODY, SOMEBODY);
      runAs(SOMEBODY);
    }
    expect(readPolicyFile(path, CONTEXT).kind).toBe("good");
  });

  it("may be root, whoever the server runs as", () => {
    runAs(SOMEBODY);
    // Every machine has this file of root's. It is no policy, and refused for that alone.
    const read = readPolicyFile("/etc/passwd", CONTEXT);
    expect(read.kind).toBe("bad");
    expect(read).not.toEqual(NOT_OURS);
  });
});
