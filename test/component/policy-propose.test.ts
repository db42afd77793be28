// `policy propose`: a draft of what was approved again and again, from the record of a server that runs or has run. Writes nothing.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runHere } from "../helpers/command-line.ts";
import { callTool, type ServerStage, startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const IN_SHOP = { "x-approval-project": "/code/web-shop" };

async function answered(stage: ServerStage, at: number, command: string, verb: "approve" | "deny") {
  const call = { tool_name: "Bash", input: { command }, tool_use_id: `toolu_${at}` };
  const answer = callTool(stage.server, call, { headers: IN_SHOP });
  await stage.phone.tap((await stage.request(at)).sid, verb);
  await answer;
}

/** A server whose person has answered these, one after the other. */
async function stageWith(calls: readonly (readonly [string, "approve" | "deny"])[]) {
  const stage = await startStage();
  for (const [at, [command, verb]] of calls.entries()) await answered(stage, at, command, verb);
  const folder = temporaryFolder();
  const propose = (...args: string[]) =>
    runHere(["policy", "propose", ...args], { folder, env: { APPROVAL_DB: stage.databasePath } });
  return { ...stage, folder, propose };
}

const OFTEN = [
  ["npm test", "approve"],
  ["npm test", "approve"],
  ["npm run deploy", "approve"],
  ["npm run deploy", "approve"],
  ["npm run deploy", "deny"],
  ["git status", "approve"],
  ["rm -rf build", "approve"],
  ["rm -rf build", "approve"],
] as const;

describe("policy propose", () => {
  it("prints what the linter accepts, of a server that runs or not, and says the rest on standard error", async () => {
    const { propose, server, folder } = await stageWith(OFTEN);
    const running = await propose("--project", "/somewhere/web-shop");
    expect(running).toMatchObject({ code: 0 });
    expect(JSON.parse(running.out)).toEqual({
      version: 1,
      rules: [{ decision: "allow", projects: ["web-shop"], rules: ["Bash(npm test)"] }],
    });
    expect(running.err).toMatch(/web-shop, the last 14 days: 8 requests asked; .* answered 2 of them/);
    expect(running.err).toMatch(/\n- Bash\(npm test\): approved 2 times, last [a-z]{5}, [a-z]{5}/);
    expect(running.err).toContain("\n- left out, 2 approvals: no rule may allow it");
    expect(running.err).toContain("left out, 3 approvals: it was approved once only, or was also denied");
    expect(running.err).toContain("Nothing was written");
    expect(existsSync(join(folder, "policy.json"))).toBe(false);
    await server.close();
    expect(await propose("--project", "web-shop")).toEqual(running);
    writeFileSync(join(folder, "policy.json"), running.out, { mode: 0o600 });
    expect(await runHere(["policy", "check"], { folder })).toMatchObject({ code: 0, err: "" });
  });

  it("has the same as one JSON object", async () => {
    const { propose } = await stageWith(OFTEN);
    const { code, out, err } = await propose("--project", "web-shop", "--days", "90", "--json");
    expect([code, err, out.endsWith("}\n")]).toEqual([0, "", true]);
    expect(JSON.parse(out)).toMatchObject({
      ...{ project: "web-shop", days: 90, asked: 8, would_have_answered: 2, at_least: false },
      policy: { version: 1 },
      rules: [{ rule: "Bash(npm test)", approvals: 2 }],
    });
  });

  it("prints no draft where the record gives none: of another project, or of calls that a person must see", async () => {
    const { propose } = await stageWith(OFTEN.slice(-2));
    const other = await propose("--project", "blog");
    expect(other).toMatchObject({ code: 1, out: "" });
    expect(other.err).toContain("blog, the last 14 days: 0 requests asked. The record gives no rule.");
    const shop = await propose("--project", "web-shop", "--json");
    expect([shop.code, JSON.parse(shop.out)]).toEqual([1, expect.not.objectContaining({ policy: {} })]);
  });

  it("hides nothing of a command in what it prints", async () => {
    const hidden = "echo shop\u202Efdp";
    const { propose } = await stageWith([
      [hidden, "approve"],
      [hidden, "approve"],
    ]);
    const { out, err } = await propose("--project", "web-shop");
    expect(err).toContain("2 requests asked");
    expect(out + err).not.toMatch(/\u202E/);
  });

  it("names the project's folder that it is started in, and says so when there is no record", async () => {
    const { propose, folder } = await stageWith([]);
    expect((await propose()).err).toContain(`${folder.split("/").at(-1)}, the last 14 days`);
    const none = await runHere(["policy", "propose"], {
      folder,
      env: { APPROVAL_DB: join(folder, "no.db") },
    });
    expect([none.code, none.out, none.err]).toEqual([2, "", expect.stringContaining("no.db does not exist")]);
  });

  it.each([
    ["--project", "*"],
    ["--project", "web\u202Eshop"],
    ["--project", "/"],
    ["--days", "0"],
    ["--days", "91"],
    ["--days", "1e1"],
  ])("refuses to be called with %s %j", async (...args) => {
    const { code, out } = await runHere(["policy", "propose", ...args]);
    expect([code, out]).toEqual([64, ""]);
  });
});
