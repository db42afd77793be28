// The mix of a soak: what callers and phones do in a day's work, each with the outcome that it has to have. What differs is told in
// a sentence.
import { openCall } from "../parts/call.ts";
import { bashCall, requestId, type ServerSide } from "../parts/sides.ts";

/** How long a request waits, s: the least that the settings take, so that expiries are frequent. */
export const TIMEOUT_SECONDS = 10;
/** How far from its deadline an expiry may be told, ms. */
const BIG = 20_000;

export interface Traffic {
  /** One piece of it. @returns what went wrong */
  readonly kinds: Readonly<Record<string, (number: number) => Promise<string | undefined>>>;
  /** How far each expiry was from its deadline, ms. */
  readonly deviations: readonly number[];
  /** Large commands that were denied because looking through them took too long: that fails closed, and is counted apart. */
  tooSlow(): number;
  /** How many requests were made. */
  requests(): number;
}

interface Decision {
  readonly behavior: "allow" | "deny";
  readonly message?: string;
  readonly updatedInput?: { readonly command?: string };
}

export const POLICY = {
  version: 1,
  rules: [
    { decision: "allow", rules: ["Bash(git status *)"] },
    { decision: "deny", rules: ["Bash(git push --force *)"], message: "Nobody forces a push here." },
  ],
};

export function createTraffic(server: ServerSide): Traffic {
  const { twilio, webhookUrl, url } = server;
  const deviations: number[] = [];
  let requests = 0;
  let tooSlow = 0;

  const open = (command: string, number: number) => {
    requests += 1;
    return openCall({ ...server.target(), token: server.token(number) }, bashCall(command, number));
  };
  const decisionOf = (text: string) => JSON.parse(text) as Decision;
  const tap = (action: "approve" | "deny" | "session", id: string) =>
    twilio.tap(webhookUrl, action, id).post();
  const say = (text: string) => twilio.words(webhookUrl, text).post();
  const allowed = (text: string, command: string) => {
    const { behavior, updatedInput } = decisionOf(text);
    return behavior === "allow" && updatedInput?.command === command
      ? undefined
      : `not allowed as asked: ${text}`;
  };
  const denied = (text: string, words: string) => {
    const { behavior, message = "" } = decisionOf(text);
    return behavior === "deny" && message.includes(words) ? undefined : `not denied with "${words}": ${text}`;
  };
  const headers = (number: number) => ({
    "content-type": "application/json",
    authorization: `Bearer ${server.token(number)}`,
  });

  async function approve(command: string, number: number): Promise<string | undefined> {
    const call = open(command, number);
    const id = requestId((await call.taken).note);
    await tap("approve", id);
    return allowed((await call.answer).text, command);
  }

  const kinds: Traffic["kinds"] = {
    approve: (number) => approve(`make target-${number}`, number),
    async deny(number) {
      const call = open(`make clean-${number}`, number);
      const id = requestId((await call.taken).note);
      await say(`DENY ${id} not before release ${number}`);
      return denied((await call.answer).text, `not before release ${number}`);
    },
    async expire(number) {
      const call = open(`make slow-${number}`, number);
      const { at } = await call.taken;
      const answer = await call.answer;
      deviations.push(answer.at - at - TIMEOUT_SECONDS * 1_000);
      return denied(answer.text, "It did not run. This is not a refusal");
    },
    async grant(number) {
      const command = `ls -la /srv/shop/src-${number}`;
      const call = open(command, number);
      const id = requestId((await call.taken).note);
      await twilio.shows(`session:${id}`);
      await tap("session", id);
      const first = allowed((await call.answer).text, command);
      const again = await openCall(
        { ...server.target(), token: server.token(number) },
        { ...bashCall(command, number), tool_use_id: `toolu_again_${number}` },
      ).answer;
      requests += 1;
      return first ?? allowed(again.text, command);
    },
    async policyAllow(number) {
      const command = `git status --porcelain src/${number}`;
      return allowed((await open(command, number).answer).text, command);
    },
    policyDeny: async (number) =>
      denied((await open(`git push --force origin b${number}`, number).answer).text, "Nobody forces"),
    async cancel(number) {
      const call = open(`make gone-${number}`, number);
      const id = requestId((await call.taken).note);
      call.drop();
      const { status } = await tap("approve", id);
      return status === 200 ? undefined : `a tap on a call that has gone was answered with ${status}`;
    },
    async staleTap(number) {
      const command = `make twice-${number}`;
      const call = open(command, number);
      const id = requestId((await call.taken).note);
      await Promise.all([tap("approve", id), tap("deny", id)]);
      const { behavior } = decisionOf((await call.answer).text);
      const { status } = await tap("deny", id);
      return status === 200 && behavior !== undefined
        ? undefined
        : `two taps at once came to ${behavior}, ${status}`;
    },
    async big(number) {
      const problem = await approve(
        `cat > list-${number}.txt <<'EOF'\n${"a line of the list\n".repeat(BIG / 19)}EOF`,
        number,
      ).catch(String);
      if (problem?.includes("looked through in time") !== true) return problem;
      tooSlow += 1;
      return undefined;
    },
    async hook(number) {
      requests += 1;
      const command = `make hook-${number}`;
      const asked = fetch(`${url}/hooks/permission-request`, {
        method: "POST",
        headers: headers(number),
        body: JSON.stringify({
          session_id: "9d474c58-b4db-446a-9bb9-efb62da9c029",
          transcript_path: "/srv/transcript.jsonl",
          cwd: "/srv/shop",
          permission_mode: "default",
          hook_event_name: "PermissionRequest",
          tool_name: "Bash",
          tool_input: { command },
        }),
      });
      await tap("approve", await twilio.asks(command));
      const text = await (await asked).text();
      return text.includes('"behavior":"allow"') ? undefined : `the hook was not allowed: ${text}`;
    },
    async rest(number) {
      requests += 1;
      const body = JSON.stringify({ action: `deploy ${number}`, summary: "Deploys it" });
      const created = await fetch(`${url}/v1/approvals`, { method: "POST", headers: headers(number), body });
      const { approval_id: id = "" } = (await created.json()) as { approval_id?: string };
      await tap("approve", id);
      const got = await fetch(`${url}/v1/approvals/${id}?wait=true`, { headers: headers(number) });
      const { status } = (await got.json()) as { status?: string };
      return status === "approved" ? undefined : `over REST it is ${status}`;
    },
  };
  return { kinds, deviations, tooSlow: () => tooSlow, requests: () => requests };
}
