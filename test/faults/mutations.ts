// Mistakes that a server could make, each as one line of the built program that is another one, and the kill that shows it. Where a line
// is no longer there, sample.test.ts says so.
import type { Broken, Step } from "./world.ts";

interface Mutation {
  readonly mistake: string;
  readonly broken: Broken;
  readonly scenario: string;
  /** One of these kills finds it. */
  readonly kills: readonly Step[];
  readonly found: RegExp;
}

const before = (name: string, nth = 1): Step => ({ name, nth, when: "before" });
const after = (name: string, nth = 1): Step => ({ name, nth, when: "after" });
const SEND = "call POST /2010-04-01/Accounts/AC…/Messages.json";
const REQUEST = "request, approved and verified";

export const MUTATIONS: readonly Mutation[] = [
  {
    mistake: "the gate answers before it writes the row",
    broken: {
      file: "core/ending.js",
      from: "const final = await recorder.ended(",
      to: "close(pending, outcome); await new Promise((go) => setTimeout(go, 300)); const final = await recorder.ended(",
    },
    scenario: REQUEST,
    kills: [before("store settle")],
    found: /1 allowed, 0 approved in the record/,
  },
  {
    mistake: "the phone is told before the answer was read",
    broken: {
      file: "core/reply-handler.js",
      from: "const result = await gate.resolve(id, {",
      to: `tell(from, { kind: "decided", id, outcome: { status: "approved", by: from }, acknowledged: true, toolName: "Bash" }, wish);
        await new Promise((go) => setTimeout(go, 300)); const result = await gate.resolve(id, {`,
    },
    scenario: REQUEST,
    kills: [before("store settle")],
    found: /Claude has the answer", and its caller got none/,
  },
  {
    mistake: "an approval counts that Twilio was not asked about",
    broken: {
      file: "core/reply-proof.js",
      from: 'if (verified === "off" ||',
      to: "if (true ||",
    },
    scenario: REQUEST,
    kills: [after("store settle")],
    found: /approved, and nobody has approved it/,
  },
  {
    mistake: "the replies that were being carried out are not taken up",
    broken: { file: "core/left-replies.js", from: "left.slice(0, MAX_LEFT)", to: "left.slice(0, 0)" },
    scenario: REQUEST,
    kills: [before("store settle")],
    found: /left without a word/,
  },
  {
    mistake: "a reply is not written down as unfinished",
    broken: { file: "store/inbound.js", from: "if (unfinished === undefined)", to: "if (true)" },
    scenario: REQUEST,
    kills: [before("store settle")],
    found: /left without a word/,
  },
  {
    mistake: "RUN is finished before anybody was asked",
    broken: { file: "core/phone-tasks.js", from: "follow?.(told);", to: "" },
    scenario: "RUN, and words to the task",
    kills: [before(SEND)],
    found: /was typed, and nothing was said to it/,
  },
  {
    mistake: "an answer is finished before the next question was sent",
    broken: { file: "core/reply-handler.js", from: "wish.told.push(asked);", to: ";" },
    scenario: "questions of Claude",
    kills: [before(SEND, 2)],
    found: /left without a word/,
  },
  {
    mistake: "one reply to several is finished before anything was told of it",
    broken: {
      file: "core/several-replies.js",
      from: "const reported = report(lines, action.by, wish);",
      to: `const reported = new Promise((go) => setTimeout(go, 500)).then(() => report(lines, action.by, undefined));
        wish = undefined;`,
    },
    scenario: "one reply to two requests",
    kills: [before(SEND, 3)],
    found: /was typed, and nothing was said to it/,
  },
  {
    mistake: "it is not written down that a command was carried out, before a word of it goes out",
    broken: {
      file: "core/inbound-notes.js",
      from: "await store.replyDone(id, word)",
      to: "await Promise.resolve()",
    },
    scenario: "PANIC while a request waits",
    kills: [before("store finishReply")],
    found: /said twice: Stopped/,
  },
  {
    mistake: "what waited is not ended by the next start",
    broken: { file: "server/create-server.js", from: "await store.cancelPending(clock.now())", to: "0" },
    scenario: REQUEST,
    kills: [before(SEND)],
    found: /is pending, and nobody waits for it/,
  },
  {
    mistake: "what became of a reply is told twice",
    broken: {
      file: "core/reply-handler.js",
      from: "tell(from, notice, wish);",
      to: "{ tell(from, notice, wish); tell(from, notice, wish); }",
    },
    scenario: REQUEST,
    kills: [after("store finishReply")],
    found: /said twice|confirmed twice/,
  },
  {
    mistake: "programs of the run that was killed go on",
    broken: { file: "server/run-ledger.js", from: "of others) {", to: "of []) {" },
    scenario: "script",
    kills: [after("spawn")],
    found: /process \d+ of the run that was killed goes on/,
  },
  {
    mistake: "a decision is written past the event log",
    broken: { file: "store/settle.js", from: "events.append(decidedEvent(id, outcome, text, at));", to: "" },
    scenario: REQUEST,
    kills: [before("journal ended")],
    found: /^event log, /,
  },
  {
    mistake: "a script begins before it is recorded that it does, and begins again",
    broken: {
      file: "core/gated-call.js",
      from: "const result = await call.work({ id, by, signal, stopped: stopped.signal, takenBack });",
      to: "await call.work({ id, by, signal, stopped: stopped.signal, takenBack }); const result = await call.work({ id, by, signal, stopped: stopped.signal, takenBack });",
    },
    scenario: "gateway call",
    kills: [before("store recordRun", 2)],
    found: /ran 2 times/,
  },
];
