// What a draft of a policy costs the others: the same call is looked through once, one draft is made at a time, and a timer has
// its turn meanwhile. What it proposes never allows what was denied.
import { describe, expect, it } from "vitest";
import type { StoredApproval } from "../../src/core/ports/request-store.ts";
import { createInspector } from "../../src/inspection/inspector.ts";
import { createPolicyDrafter } from "../../src/policy/draft/create-drafter.ts";
import { CONTEXT } from "../helpers/policy-stage.ts";

const QUERY = { project: "web-shop", since: 0, requester: undefined };
const BY = { status: "approved", by: "whatsapp:+15005550006" } as const;

function row(command: string, outcome: unknown): StoredApproval {
  const times = { createdAt: 1, expiresAt: 2, decidedAt: 2 };
  const call = { toolName: "Bash", shownInput: { command } };
  return {
    id: "kqmwa",
    door: "mcp",
    project: "web-shop",
    ...call,
    ...times,
    outcome,
  } as unknown as StoredApproval;
}
const approved = (command: string) => row(command, BY);
const denied = (command: string) => row(command, { status: "denied", by: BY.by });

function stage(rows: readonly StoredApproval[]) {
  const inspector = createInspector({ ...CONTEXT, ownPorts: [], ownSecrets: [] });
  const inspected: unknown[] = [];
  const events: string[] = [];
  const drafter = createPolicyDrafter({
    context: CONTEXT,
    inspector: {
      ...inspector,
      inspect: (call, ...more) => {
        inspected.push(call.input["command"]);
        return inspector.inspect(call, ...more);
      },
    },
    store: {
      browse: async ({ since }) => {
        events.push(`read ${since} after ${inspected.length} calls`);
        return { approvals: rows, next: undefined };
      },
    },
  });
  return { drafter, inspected, events };
}

describe("a draft", () => {
  it("looks the same call through once, however often it was approved", async () => {
    const { drafter, inspected } = stage(Array.from({ length: 1_500 }, () => approved("npm test")));
    const { rules, isCut } = await drafter.draft(QUERY);
    expect(rules).toMatchObject([{ rule: "Bash(npm test)", approvals: 1_500 }]);
    expect([inspected, isCut]).toEqual([["npm test"], false]);
  });

  it("is made one at a time, and a timer has its turn meanwhile", async () => {
    const rows = Array.from({ length: 60 }, (_, at) => approved(`ls src/a${at % 30}`));
    const { drafter, events } = stage([...rows, denied("ls src/b")]);
    const first = drafter.draft({ ...QUERY, since: 1 });
    const second = drafter.draft({ ...QUERY, since: 2 });
    setTimeout(() => events.push("timer"), 0);
    await Promise.all([first, second]);
    expect(events).toEqual(["read 1 after 0 calls", "timer", "read 2 after 30 calls"]);
  });

  it("proposes nothing that a denied line would be allowed by, alone or together", async () => {
    const twice = (command: string) => [approved(command), approved(command)];
    const kept = stage([
      ...twice("ls a"),
      ...twice("ls b"),
      ...twice("ls c"),
      denied("ls c"),
      denied("ls d"),
    ]);
    const { rules } = await kept.drafter.draft(QUERY);
    expect(rules.map(({ rule }) => rule)).toEqual(["Bash(ls a)", "Bash(ls b)"]);
    const together = stage([...twice("ls a"), ...twice("ls b"), denied("ls a && ls b")]);
    expect(await together.drafter.draft(QUERY)).toMatchObject({ rules: [], answered: 0 });
  });

  it("proposes nothing where its rules would allow more denied calls than can be looked at", async () => {
    const many = Array.from({ length: 301 }, (_, at) => denied(`${"ls a; ".repeat(at + 1)}ls b`));
    const { drafter } = stage([
      approved("ls a"),
      approved("ls a"),
      approved("ls b"),
      approved("ls b"),
      ...many,
    ]);
    const draft = await drafter.draft(QUERY);
    expect(draft.rules).toEqual([]);
    expect(draft.text).toBeUndefined();
  });
});
