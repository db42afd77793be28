// Claude's plan on the phone: in full, before the buttons; read from its file only where Claude Code keeps plans.

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { promptFor } from "../../src/channels/whatsapp-format/request-prompt.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import { denialText } from "../../src/domain/denial.ts";
import type { ApprovalId, Phone, ToolCall } from "../../src/domain/tool-call.ts";
import { createInspector } from "../../src/inspection/inspector.ts";
import { findPlan } from "../../src/inspection/plan-file.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const PLAN = "# Move the shop\n\n1. *Copy* the `orders` table\n2. Switch over";
const call = (input: Record<string, unknown>): ToolCall => ({ toolName: "ExitPlanMode", input });

function request(shown: ToolCall, warnings: readonly string[] = []): ApprovalRequest {
  const inspection = { shown, secrets: 0, warnings };
  const times = { createdAt: 0, expiresAt: 300_000 };
  return { id: "kqmwa" as ApprovalId, call: shown, inspection, door: "mcp", ...times, waiting: 1 };
}

describe("a plan", () => {
  it("goes to the phone in full, with its file, before the message with the buttons", () => {
    const { template, values, parts, offersSession } = promptFor(
      request(call({ plan: PLAN, planFilePath: "/home/a/.claude/plans/a-b.md" })),
    );
    expect(parts).toEqual([
      `*kqmwa, part 1 of 1:* plan, 60 characters, 4 lines\n\`\`\`\n/home/a/.claude/plans/a-b.md\n\n${PLAN}\n\`\`\``,
    ]);
    expect(template).toBe("tool_2");
    expect(values).toMatchObject({
      tool: "Plan",
      line1: "# Move the shop",
      line2: "full text above, 1 part",
    });
    expect(offersSession).toBe(false);
  });

  it("with anything beside it is shown as the input that it is", () => {
    const { values, parts } = promptFor(request(call({ plan: PLAN, allowedPrompts: ["rm"] })));
    expect(values["tool"]).toBe("ExitPlanMode");
    expect(parts.join()).toContain("allowedPrompts");
  });

  it("that is too long for twelve messages says how much is not shown", () => {
    const { values, template } = promptFor(request(call({ plan: "line of a plan\n".repeat(3_000) })));
    expect(template).toBe("tool_2_warning");
    expect(values["warning"]).toMatch(/characters of the text are NOT shown/);
  });

  it("that is denied is denied in words about a plan", () => {
    const by = "+15005550006" as Phone;
    const shown = request(call({ plan: PLAN }));
    expect(denialText(shown, { status: "denied", by, reason: "use the staging database" })).toBe(
      "The person did not approve the plan. Nothing of it is to be done. Their words: use the staging database",
    );
    expect(denialText(shown, { status: "denied", by })).toBe(
      "The person did not approve the plan and gave no reason. Nothing of it is to be done. Ask what should be different.",
    );
    expect(denialText(shown, { status: "expired" })).toMatch(
      /^Nobody answered the approval request for the plan /,
    );
  });
});

describe("a plan's file", () => {
  function places() {
    const home = temporaryFolder();
    const cwd = temporaryFolder();
    const plans = join(home, ".claude", "plans");
    mkdirSync(plans, { recursive: true });
    return { home, cwd, plans };
  }
  const NOT_READ = ["the plan's file could not be read"];

  it.each(["plans", "cwd"] as const)("is read from where Claude Code keeps it: %s", async (place) => {
    const where = places();
    const file = join(where[place], "a-b.md");
    writeFileSync(file, PLAN);
    expect(await findPlan(call({ planFilePath: file }), where)).toEqual({
      call: call({ plan: PLAN, planFilePath: file }),
      warnings: [],
    });
  });

  it("is not read when the plan is there, nor for another tool", async () => {
    const where = places();
    const given = call({ plan: PLAN, planFilePath: "/nothing.md" });
    expect(await findPlan(given, where)).toEqual({ call: given, warnings: [] });
    const other = { toolName: "Bash", input: { planFilePath: "/nothing.md" } };
    expect(await findPlan(other, where)).toEqual({ call: other, warnings: [] });
  });

  it.each([[{}], [{ plan: "  " }], [{ plan: 5 }]])(
    "is missed when there is no plan at all: %j",
    async (input) => {
      expect((await findPlan(call(input), places())).warnings).toEqual(["Claude gave no plan"]);
    },
  );

  it.each<[string, (where: ReturnType<typeof places>) => unknown]>([
    ["of another folder", ({ home }) => written(join(home, "a.md"))],
    ["of another kind", ({ plans }) => written(join(plans, "id_rsa"))],
    ["that is not there", ({ plans }) => join(plans, "none.md")],
    ["that is a folder", ({ plans }) => mkdirSync(join(plans, "f.md"), { recursive: true })],
    ["that is empty", ({ plans }) => written(join(plans, "a.md"), " \n")],
    ["that is too large", ({ plans }) => written(join(plans, "a.md"), "x".repeat(200_001))],
    ["named by a relative path", () => "a.md"],
    [
      "named by a path that climbs out",
      ({ home, plans }) => written(join(home, "a.md")) && `${plans}/../../a.md`,
    ],
    [
      "that is a link to elsewhere",
      ({ home, plans }) => linked(written(join(home, "k.md")), join(plans, "a.md")),
    ],
    ["named by something else", () => ["/etc/passwd"]],
  ])("%s is not read, and the phone says so", async (_, make) => {
    const where = places();
    const given = call({ planFilePath: make(where) });
    expect(await findPlan(given, where)).toEqual({ call: given, warnings: NOT_READ });
  });

  it("is shown with its secrets masked, while the call stays as it was", async () => {
    const where = places();
    const file = join(where.plans, "a.md");
    writeFileSync(file, `Log in with ${["ghp", "abcdefghijklmnopqrstuvwxyz0123456789"].join("_")}`);
    const inspector = createInspector({ home: where.home, ownPaths: [], ownPorts: [] });
    const { shown, secrets } = await inspector.inspect(call({ planFilePath: file }), where.cwd);
    expect(secrets).toBe(1);
    expect(JSON.stringify(shown)).not.toContain("ghp_abc");
    expect(JSON.stringify(shown)).toContain("Log in with");
  });

  function written(path: string, text = PLAN): string {
    writeFileSync(path, text);
    return path;
  }

  function linked(target: string, path: string): string {
    symlinkSync(target, path);
    return path;
  }
});
