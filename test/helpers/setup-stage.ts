// One run of setup against the simulated Twilio: real SDK, real HTTP, real files, the real gate; the person is scripted.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type AnswerKey, type Interviewer, SetupCancelled } from "../../src/cli/setup/asker.ts";
import type { RunProgram } from "../../src/cli/setup/programs.ts";
import { runSetup } from "../../src/cli/setup/setup.ts";
import { waitFor } from "../../src/cli/setup/wait.ts";
import type { Clock } from "../../src/core/ports/clock.ts";
import type { ChannelName } from "../../src/domain/channel.ts";
import { packageRoot, systemClock } from "../../src/server/system.ts";
import type { SimulatorOptions } from "../../src/simulator/contract.ts";
import { createTestTwilio } from "../twilio/create-test-twilio.ts";
import { runHere } from "./command-line.ts";
import { temporaryFolder } from "./temporary.ts";

export const ACCOUNT_SID = `AC${"1".repeat(32)}`;
export const AUTH_TOKEN = `0123456789abcdef${"0123456789abcdef"}`;
export const SETUP_PHONE = "+15005550006";
const SENDER = "whatsapp:+14155238886";

/** What a person does; everything that is not said is the default. */
export interface PersonPlan {
  /** Answers to text and secret questions, one after another. */
  readonly answers?: Partial<Record<AnswerKey, readonly string[]>>;
  /** Which way to the phone is chosen; `preselected`: the one that is offered. Default: Twilio's. */
  readonly channel?: ChannelName | "preselected";
  /** By what the question says. */
  readonly choices?: readonly (readonly [question: RegExp, value: string | boolean])[];
  /** The number of the prompt, from 1, at which Ctrl-C is pressed. */
  readonly stopAt?: number;
  /** Presses the key that skips. */
  readonly skips?: RegExp;
  /** Told of each wait as it begins. */
  readonly onWait?: (line: string) => void;
  readonly clock?: Clock;
}

export const WAY = "Which way to your phone?";

export interface Person extends Interviewer {
  /** Every prompt so far. */
  readonly asked: readonly string[];
}

export function createPerson({
  channel = "whatsapp",
  answers = {},
  choices = [],
  stopAt,
  skips,
  onWait,
  clock = systemClock,
}: PersonPlan = {}): Person {
  const asked: string[] = [];
  const given = new Map(Object.entries(answers).map(([key, each]) => [key, [...each]]));
  const prompt = (message: string) => {
    asked.push(message);
    if (asked.length === stopAt) throw new SetupCancelled();
  };
  const chosen = (message: string) => choices.find(([question]) => question.test(message))?.[1];
  const text: Interviewer["text"] = async ({ key, message, initial, mayBeEmpty }) => {
    prompt(message);
    const answer = given.get(key)?.shift() ?? initial ?? (mayBeEmpty ? "" : undefined);
    if (answer === undefined) throw new Error(`nobody answers: ${message}`);
    return answer;
  };
  return {
    asked,
    isPerson: true,
    text,
    secret: text,
    choose: async <T extends string>({ message, initial }: Parameters<Interviewer["choose"]>[0]) => {
      prompt(message);
      if (message === WAY && channel !== "preselected") return channel as T;
      return (chosen(message) ?? initial) as T;
    },
    confirm: async ({ message, initial }) => {
      prompt(message);
      return (chosen(message) as boolean | undefined) ?? initial;
    },
    async wait(wait) {
      const line = wait.line("5:00");
      prompt(line);
      onWait?.(line);
      if (skips?.test(line)) return { kind: "skipped" };
      const signal = new AbortController().signal;
      return waitFor(wait, { clock, signal, show: () => {}, showEveryMs: 1_000_000 });
    },
  };
}

const noPrograms: RunProgram = async () => undefined;

export async function setSetupStage(options: Partial<SimulatorOptions> = {}) {
  const folder = temporaryFolder();
  const twilio = await createTestTwilio({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    sender: SENDER,
    phones: [SETUP_PHONE],
    webhookUrl: () => "",
    pageDir: join(packageRoot(), "public", "phone"),
    port: 0,
    ...options,
  });
  onTestFinished(() => twilio.close());
  const envFile = join(folder, ".env");
  return {
    twilio,
    folder,
    envFile,
    env: { TWILIO_BASE_URL: twilio.url, SERVER_PORT: "0", WEBHOOK_PORT: "0", HOME: folder },
    /** What .env holds; undefined when there is none. */
    written: () => (existsSync(envFile) ? readFileSync(envFile, "utf8") : undefined),
    /** Taps a button of every request as it comes. */
    answers: (button: "approve" | "deny") =>
      twilio.onMessage(({ sid, status, buttons, direction }) => {
        const isNew = direction === "to-phone" && status === "queued" && buttons.length > 0;
        if (isNew) void twilio.tap(sid, button);
      }),
    run(
      argv: readonly string[],
      more: Parameters<typeof runHere>[1] & {
        readonly asker?: Interviewer;
        readonly programs?: RunProgram;
      } = {},
    ) {
      const { asker, programs = noPrograms, env, ...context } = more;
      return runHere(["setup", ...argv], {
        folder,
        env: { TWILIO_BASE_URL: twilio.url, SERVER_PORT: "0", WEBHOOK_PORT: "0", HOME: folder, ...env },
        ...context,
        instead: (input, inner) => runSetup(input, inner, { asker, run: programs }),
      });
    },
  };
}

export type SetupStage = Awaited<ReturnType<typeof setSetupStage>>;
