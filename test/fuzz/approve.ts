// One approval through a running server, as a script of the person's own asks it and the phone answers it.
import type { RunningServer } from "./inputs/running-server.ts";

export interface Approvals {
  /** How many got their answer. */
  readonly through: number;
  /** What went wrong with the others, each once. */
  readonly failed: readonly string[];
  /** From the call to its answer, with a tap of the phone in between, ms. */
  readonly p50: number;
  readonly p99: number;
}

const ASK = { action: "deploy", summary: "Deploy it", timeout_seconds: 60 };
/** Hundreds of times what it takes. */
const LIMIT_MS = 5_000;

/** @returns from the call to its answer, ms. Rejects where it does not end as an approval */
export async function approve({ server, phone }: RunningServer): Promise<number> {
  const begun = performance.now();
  const asked = await fetch(`${server.localUrl}/v1/approvals`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(ASK),
    signal: AbortSignal.timeout(LIMIT_MS),
  }).catch(told("asking"));
  const { approval_id: id } = (await asked.json()) as { approval_id: string };
  const message = await shown(phone, id);
  const answer = await phone.tap(message, `approve:${id}`);
  if (answer.status !== 200) throw new Error(`the webhook of a tap was answered with ${answer.status}`);
  const got = await fetch(`${server.localUrl}/v1/approvals/${id}?wait=true`, {
    signal: AbortSignal.timeout(LIMIT_MS),
  }).catch(told("waiting"));
  const { status } = (await got.json()) as { status: string };
  if (status !== "approved") throw new Error(`it is ${status}`);
  return performance.now() - begun;
}

function told(what: string) {
  return (error: unknown): never => {
    const { message, cause } = error as Error;
    throw new Error(`${what}: ${cause instanceof Error ? cause.message : message}`);
  };
}

function shown(phone: RunningServer["phone"], id: string): Promise<string> {
  const found = () =>
    phone.messages().find(({ buttons }) => buttons.some((button) => button.id === `approve:${id}`))?.sid;
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("it was not shown")), LIMIT_MS);
    const stop = phone.onMessage(look);
    function look() {
      const sid = found();
      if (sid === undefined) return;
      clearTimeout(late);
      stop();
      resolve(sid);
    }
    look();
  });
}
