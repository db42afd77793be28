// What must hold after a kill and a restart, whatever the server was doing. Each is a sentence that names what was found broken.
import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { SimMessage } from "../../src/simulator/contract.ts";
import { keep } from "../../src/store/open-database.ts";
import { type Act, createAct, runsOf } from "./act.ts";
import type { Scenario } from "./scenarios.ts";
import { PATIENCE_MS, type World } from "./world.ts";

/** A row of the record, as far as it is looked at. */
interface Row {
  readonly id: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly input: string;
  readonly isParked: number;
}

/** How long a word may take to come, ms: it has come long before, unless it never does. */
const WORD_MS = 15_000;
const NOT_KNOWN = /is not known|may not have/;
/** What the start after a crash says of a reply that was being carried out. */
const MADE_UP = /the approval server was restarted|The approval server was restarted/;

interface Around {
  /** What else must hold. */
  readonly verify?: (world: World) => Promise<readonly string[]>;
  /** Whether it was killed again while it started: what it had said of a reply by then may be said once more. */
  readonly isTwice?: boolean;
}

/** Everything that is wrong. The server has been started again, and has read what came meanwhile. */
export async function broken(
  act: Act,
  scenario: Pick<Scenario, "runs" | "settled" | "holds" | "hasWebhook">,
  left: readonly number[],
  { verify = async () => [], isTwice = false }: Around = {},
): Promise<readonly string[]> {
  const { world } = act;
  const problems: string[] = [];
  const rows = () => rowsOf(act);
  const ran = (mark: string) => (scenario.runs === undefined ? 0 : runsOf(scenario.runs(world.dir), mark));

  // Whoever has answered hears what became of it, without answering again.
  problems.push(...(await leftWithoutAWord(act)));
  for (const { text, at } of act.typed) {
    const isAnswered = () => world.phone.messages().slice(at).some(isToPhone);
    if (!(await hears(world, isAnswered))) problems.push(`"${text}" was typed, and nothing was said to it`);
  }
  problems.push(...claims(act, rows(), ran), ...twice(act, isTwice ? MADE_UP : undefined));
  const said = world.phone.messages().length;
  // A tap on what is on the phone is answered, and runs nothing that has ended.
  const prompts = promptsOf(act);
  // Without a webhook, replies are read while something waits.
  const endReading = scenario.hasWebhook === false ? await keepReading(world) : undefined;
  for (const prompt of prompts) {
    const id = idOf(prompt);
    const before = rows().find((row) => row.id === id);
    const words = wordsTo(act, id).length;
    await world.phone.tap(prompt.sid, allowing(prompt));
    // That nobody knows what it is in reply to is said once a minute.
    const isHelped = () => world.platform?.hearsQuotesOnly === true && sinceThen(act).some(isHelpful);
    if (!(await hears(world, () => wordsTo(act, id).length > words || isHelped())))
      problems.push(`${id}: a tap after the restart was not answered`);
    const after = rows().find((row) => row.id === id);
    if (before?.status !== "pending" && before?.status !== after?.status)
      problems.push(`${id}: was ${before?.status}, and a tap after the restart made it ${after?.status}`);
  }
  await endReading?.();
  await scenario.settled?.(act);
  problems.push(...claims(act, rows(), ran, said), ...(await verify(world)));
  problems.push(...((await scenario.holds?.(act)) ?? []));
  for (const row of rows())
    if (row.status === "pending") problems.push(`${row.id}: is pending, and nobody waits for it`);
  problems.push(...integrity(world), ...(await leftRunning(left)));
  return [...new Set(problems)];
}

/** A request that waits. @returns ends it */
async function keepReading(world: World): Promise<() => Promise<void>> {
  const other = createAct(world);
  const mark = other.mark();
  const answer = other.permission(mark);
  const prompt = await other.prompt(mark);
  return async () => {
    await other.tap(prompt, "deny");
    await other.alive(answer);
  };
}

/** Everything that is wrong while the server goes on, or where its record cannot be read: what is allowed then has no row. */
export async function unsound(act: Act): Promise<readonly string[]> {
  const problems = await leftWithoutAWord(act);
  let rows: readonly Row[] = [];
  try {
    rows = rowsOf(act);
  } catch {
    // Damaged, or gone.
  }
  return [...problems, ...claims(act, rows, () => 0), ...twice(act)];
}

/**
 * A tap is answered by a sentence, or by the next question of its request. The list that a start reads has only the text of a pick:
 * where nothing waits any more it is no answer to anything, and that is said. So is a "yes" in reply to a message that was sent, and
 * killed before that was noted.
 */
async function leftWithoutAWord(act: Act): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { sid, at } of act.tapped) {
    const id = idOf(messageOf(act.world, sid));
    const asksOn = (message: SimMessage) => message.sid !== sid && idOf(message) === id;
    const isPick = messageOf(act.world, sid).buttons.some((button) => button.id.startsWith("answer:"));
    const mayBeHelped = isPick || act.world.platform?.hearsQuotesOnly === true;
    const isHelp = (message: SimMessage) => mayBeHelped && isHelpful(message);
    const since = () => act.world.phone.messages().slice(at).filter(isToPhone);
    const isAnswered = () =>
      wordsTo(act, id).length > 0 || since().some((message) => asksOn(message) || isHelp(message));
    if (!(await hears(act.world, isAnswered)))
      problems.push(`${id}: the phone had answered, and was left without a word`);
  }
  return problems;
}

/**
 * What was allowed, said or run, against what is recorded.
 * @param since what was said before is not looked at: "nothing ran" was true then
 */
function claims(act: Act, rows: readonly Row[], ran: (mark: string) => number, since = 0): readonly string[] {
  const problems: string[] = [];
  for (const mark of new Set(act.calls.map((call) => call.mark))) {
    const answers = act.calls.filter((call) => call.mark === mark).map(({ answer }) => answer);
    const isAnswered = answers.some((answer) => answer !== "broken");
    const own = rows.filter(({ input }) => input.includes(mark));
    const approved = own.filter(({ status }) => status === "approved");
    const allows = answers.filter((answer) => answer === "allow").length;
    if (allows > approved.length)
      problems.push(`${mark}: ${allows} allowed, ${approved.length} approved in the record`);
    for (const row of approved)
      if (!wasGiven(act, row)) problems.push(`${row.id}: approved, and nobody has approved it`);
    const times = ran(mark);
    if (times > 1) problems.push(`${mark}: ran ${times} times`);
    if (times > 0 && approved.length === 0) problems.push(`${mark}: ran without an approval`);
    for (const { id } of own) {
      for (const message of wordsTo(act, id)) {
        if (act.world.phone.messages().indexOf(message) < since) continue;
        const { body } = message;
        const isUnsure = NOT_KNOWN.test(body);
        if (/Claude has the answer/.test(body) && !isUnsure && !isAnswered)
          problems.push(`${id}: "${body}", and its caller got none`);
        // Parked: what it says holds until somebody approves it.
        if (
          /nothing ran/.test(body) &&
          !body.startsWith("⏸️") &&
          (times > 0 || (allows > 0 && own.length === 1))
        )
          problems.push(`${id}: "${body}", and it did`);
      }
    }
  }
  return problems;
}

interface Given {
  readonly by?: string;
  readonly grant?: string;
  readonly via?: { readonly proof: string };
}

/** Whether a tap that Twilio has confirmed, or a grant that a tap has given, or the policy stands behind an approval. */
function wasGiven(act: Act, row: Row): boolean {
  const { world } = act;
  const { by, grant, via } = JSON.parse(row.outcome ?? "{}") as Given;
  const given = world.phone.messages().filter(({ direction }) => direction === "from-phone");
  const tapped = (id: string) =>
    given.some(({ buttonId = "", body }) => {
      const [what = "", of] = buttonId.split(":");
      if (buttonId === "") return body.startsWith("APPROVE ") && body.includes(id);
      return /^(approve|session|answer)$/.test(what) && of === id;
    });
  if (by === "policy") return existsSync(join(world.dir, "policy.json"));
  if (by === "grant") return grant !== undefined && tapped(grant);
  // Words to a task are asked about no more: they are carried out once Twilio has confirmed them.
  if (via === undefined)
    return act.typed.some(
      ({ text, isQuote }) => isQuote && row.input.includes(JSON.stringify(text).slice(1, -1)),
    );
  return via.proof !== "signed" && tapped(row.id);
}

/** The button that lets something happen. */
function allowing({ buttons }: SimMessage): string {
  return (buttons.find(({ id }) => id.startsWith("approve:")) ?? buttons[0])?.id ?? "";
}

/** What was sent more than once. @param but what may be */
function twice(act: Act, but?: RegExp): readonly string[] {
  const prompts = promptsOf(act).map(({ body }) => body);
  const words = sinceThen(act)
    .filter((message) => isToPhone(message) && message.buttons.length === 0)
    .filter(({ body }) => but === undefined || !but.test(body))
    // The age in a sentence makes it no other one.
    .map(({ body }) => body.replace(/\d+ \w+ ago|just now/, "ago"));
  const confirmed = words.flatMap(
    (body) => /^(?:✅|❌) (\w{5}) (?:approved|denied|answered)[:,]/.exec(body)?.[1] ?? [],
  );
  return [
    ...repeated(prompts).map((body) => `asked twice: ${body}`),
    ...repeated(words).map((body) => `said twice: ${body}`),
    ...repeated(confirmed).map((id) => `${id}: confirmed twice`),
  ];
}

function repeated(all: readonly string[]): readonly string[] {
  return all.filter((each, at) => all.indexOf(each) !== at);
}

function sinceThen({ world, first }: Act): readonly SimMessage[] {
  return world.phone.messages().slice(first);
}

/** The messages with a request's buttons. */
function promptsOf(act: Act): readonly SimMessage[] {
  return sinceThen(act).filter(({ buttons }) => buttons.some(({ id }) => id.startsWith("deny:")));
}

function isHelpful({ body }: SimMessage): boolean {
  return body.startsWith("Nothing changed.");
}

function isToPhone({ direction }: SimMessage): boolean {
  return direction === "to-phone";
}

function idOf({ buttons }: SimMessage): string {
  return buttons[0]?.id.split(":")[1] ?? "";
}

function messageOf({ phone }: World, sid: string): SimMessage {
  const message = phone.messages().find((each) => each.sid === sid);
  if (message === undefined) throw new Error(`no message ${sid}`);
  return message;
}

/** What the phone was told of a request, and of taps whose request is not known. */
function wordsTo(act: Act, id: string): readonly SimMessage[] {
  return sinceThen(act).filter(
    ({ direction, buttons, body }) =>
      direction === "to-phone" &&
      buttons.length === 0 &&
      (body.includes(id) || body.startsWith("Your tap came while")),
  );
}

async function hears({ phone }: World, has: () => boolean): Promise<boolean> {
  if (has()) return true;
  const patience = AbortSignal.timeout(WORD_MS);
  await phone.waitForMessage(() => has(), patience).catch(() => {});
  return has();
}

function rowsOf({ world, calls }: Act): readonly Row[] {
  const db = keep(new Database(world.databasePath, { readonly: true }));
  try {
    const rows = keep(
      db.prepare<[], Row>(
        `SELECT id, status, outcome, masked_input AS input,
           EXISTS (SELECT 1 FROM parked WHERE approval_id = approvals.id AND ended_at IS NULL) AS isParked
         FROM approvals`,
      ),
    ).all();
    return rows.filter(({ input }) => calls.some(({ mark }) => input.includes(mark)));
  } finally {
    db.close();
  }
}

function integrity({ databasePath }: World): readonly string[] {
  const db = keep(new Database(databasePath, { readonly: true }));
  try {
    const said = keep(db.prepare<[], string>("PRAGMA integrity_check").pluck()).all();
    const strays = keep(db.prepare("PRAGMA foreign_key_check")).all();
    return [
      ...said.filter((line) => line !== "ok"),
      ...strays.map((row) => `a stray row: ${JSON.stringify(row)}`),
    ];
  } finally {
    db.close();
  }
}

/** Processes of the run that was killed. */
async function leftRunning(pids: readonly number[]): Promise<readonly string[]> {
  const until = Date.now() + PATIENCE_MS / 10;
  const alive = () => pids.filter(isAlive);
  while (alive().length > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
  return alive().map((pid) => `process ${pid} of the run that was killed goes on`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
