// What is going on at the other doors when the server is killed, and what is decided without asking.

import { PERMISSION_REQUEST, postHook } from "../helpers/hook-client.ts";
import { policyText } from "../helpers/policy-stage.ts";
import type { Act, Answer } from "./act.ts";
import type { Scenario } from "./scenarios.ts";
import { program } from "./stage-files.ts";

const called = (mark: string) => ({ tool_name: "Bash", tool_input: { command: `ls /srv/${mark}` } });

async function asksByHook(act: Act, mark: string, signal: AbortSignal): Promise<Answer> {
  const body = { ...PERMISSION_REQUEST, ...called(mark) };
  const response = await postHook(act.world.server, "permission-request", body, { signal });
  const { hookSpecificOutput } = (await response.json()) as {
    hookSpecificOutput?: { decision: { behavior: "allow" | "deny" } };
  };
  return hookSpecificOutput?.decision.behavior ?? "deny";
}

/** Claude Code tells what became of a call. */
async function tells(act: Act, event: string, fields: object): Promise<void> {
  const { session_id, cwd } = PERMISSION_REQUEST;
  await act.alive(postHook(act.world.server, event, { session_id, cwd, ...fields }));
}

export const DOOR_SCENARIOS: readonly Scenario[] = [
  {
    name: "PermissionRequest of a terminal",
    async run(act) {
      const mark = act.mark();
      const answer = act.call(mark, (signal) => asksByHook(act, mark, signal));
      await act.tap(await act.prompt(mark), "approve");
      await act.alive(answer);
      await act.told(/approved: Claude has the answer/);
      await tells(act, "post-tool-use", called(mark));
      await tells(act, "stop", {});
    },
  },
  {
    name: "allowed by the policy",
    env: (dir) => ({
      APPROVAL_POLICY: program(
        dir,
        "policy.json",
        policyText([{ decision: "allow", rules: ["Bash(npm run *)"] }]),
      ),
    }),
    async run(act) {
      const mark = act.mark();
      await act.alive(act.permission(mark, mark, `npm run ${mark}`));
    },
  },
  {
    name: "denied, and every reply is verified",
    env: () => ({ VERIFY_REPLIES: "all" }),
    async run(act) {
      const mark = act.mark();
      const answer = act.permission(mark);
      await act.tap(await act.prompt(mark), "deny");
      await act.alive(answer);
      await act.told(/denied: Claude has the answer/);
    },
  },
];
