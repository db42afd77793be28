// Step 1: the Twilio account. Asks for SID and token where they are not found, and has Twilio confirm them at once.
import { BAD_CREDENTIALS } from "../../channels/twilio/error-codes.ts";
import type { AccountState } from "../../doctor/twilio-account.ts";
import { DeliveryError } from "../../domain/errors.ts";
import { SetupProblem } from "./asker.ts";
import {
  accountSidProblem,
  authTokenProblem,
  otherAccountText,
  refusedText,
  shortSid,
} from "./credential-words.ts";
import { type Draft, settingOf, withAnswers } from "./draft.ts";
import { createTwilioDesk, tryApiKey } from "./twilio-desk.ts";
import { checked, type SetupProgress, type SetupStep, type Workshop } from "./workshop.ts";

interface Credentials {
  readonly sid: string;
  readonly token: string;
}

const CONSOLE = "https://console.twilio.com";

export const accountStep: SetupStep = {
  name: "Twilio account",
  async run(workshop, progress) {
    const { flags, tell } = workshop;
    const { draft } = progress;
    tell.step("Twilio account");
    const baseUrl = settingOf(draft, "TWILIO_BASE_URL");
    if (baseUrl !== undefined) tell.warn(`TWILIO_BASE_URL is set: ${baseUrl} is asked in place of Twilio.`);
    let sid = flags.accountSid ?? settingOf(draft, "TWILIO_ACCOUNT_SID");
    let token = flags.authToken ?? settingOf(draft, "TWILIO_AUTH_TOKEN");
    tell.hide(token);
    if (sid === undefined || token === undefined) introduce(workshop);
    for (;;) {
      sid = await usableSid(workshop, sid);
      token = await usableToken(workshop, token, sid);
      const found = { sid, token };
      const problem = await problemAtTwilio(workshop, found, draft);
      if (problem === undefined) {
        const answers = { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token };
        return { ...progress, ...(await afterAccount(workshop, withAnswers(draft, answers), found)) };
      }
      refuse(workshop, problem);
      sid = await workshop.asker.text({ key: "account-sid", message: "Account SID", initial: sid });
      token = undefined;
    }
  },
};

function introduce({ asker, tell }: Workshop): void {
  if (!asker.isPerson) return;
  tell.say(
    `Messages go through Twilio, so you need an account there; a free trial will do. Sign up or sign in at ${CONSOLE}. Its first page shows "Account Info": the Account SID, and the Auth Token behind "Show".`,
  );
}

async function usableSid(workshop: Workshop, found: string | undefined): Promise<string> {
  let sid = found;
  for (;;) {
    sid ??= await workshop.asker.text({
      key: "account-sid",
      message: "Account SID",
      example: "AC and 32 characters",
    });
    const problem = accountSidProblem(sid);
    if (problem === undefined) return sid;
    refuse(workshop, problem);
    sid = undefined;
  }
}

async function usableToken(workshop: Workshop, found: string | undefined, sid: string): Promise<string> {
  let token = found;
  for (;;) {
    token ??= await workshop.asker.secret({ key: "auth-token", message: "Auth Token (it is not shown)" });
    workshop.tell.hide(token);
    const problem = authTokenProblem(token, sid);
    if (problem === undefined) return token;
    refuse(workshop, problem);
    token = undefined;
  }
}

/** Says what is wrong; a person is asked again after it. @throws SetupProblem where nobody is there to be asked */
function refuse({ asker, tell }: Workshop, problem: string): void {
  if (asker.isPerson) {
    tell.bad(problem);
    return;
  }
  const [first = "", ...more] = problem.split(/(?<=\.) /);
  throw new SetupProblem(first, more.join(" ") || `Correct it: ${CONSOLE} shows both under Account Info.`);
}

async function problemAtTwilio(
  workshop: Workshop,
  { sid, token }: Credentials,
  draft: Draft,
): Promise<string | undefined> {
  const baseUrl = settingOf(draft, "TWILIO_BASE_URL");
  const look = (accountSid: string) =>
    checked(workshop, () =>
      createTwilioDesk({ accountSid, authToken: token, baseUrl }).account().catch(refusal),
    );
  const account = await look(sid);
  if (account !== "refused") return stateProblem(account);
  for (const other of otherSids(draft, sid)) {
    if ((await look(other)) !== "refused") return otherAccountText(shortSid(sid), shortSid(other));
  }
  return refusedText(token, shortSid(sid));
}

/** What Twilio refuses is a finding; everything else goes on as an error. */
function refusal(error: unknown): "refused" {
  if (error instanceof DeliveryError && error.code === BAD_CREDENTIALS) return "refused";
  throw error;
}

function stateProblem({ status }: AccountState): string | undefined {
  return status === "active"
    ? undefined
    : `Twilio knows this account, but it is ${status}. ${CONSOLE} says what has to be settled.`;
}

/** Accounts that the settings name beside the one in question. */
function otherSids({ file, env }: Draft, sid: string): string[] {
  const known = [file["TWILIO_ACCOUNT_SID"], env["TWILIO_ACCOUNT_SID"]].map((each) => each?.trim() ?? "");
  return [...new Set(known)].filter((each) => each !== sid && accountSidProblem(each) === undefined);
}

async function afterAccount(
  workshop: Workshop,
  draft: Draft,
  { sid, token }: Credentials,
): Promise<SetupProgress> {
  const { tell } = workshop;
  const baseUrl = settingOf(draft, "TWILIO_BASE_URL");
  const desk = createTwilioDesk({ accountSid: sid, authToken: token, baseUrl });
  const { type } = await checked(workshop, () => desk.account());
  tell.good(`Twilio accepts the token of account ${shortSid(sid)}.`);
  if (type === "Trial") {
    tell.say("It is a trial account: it sends 50 messages a day. That is enough to begin with.");
  }
  return { draft: await withUsableKey(workshop, draft), desk };
}

/** An API key that is set replaces the token in every call of the server: one that Twilio refuses would stop everything. */
async function withUsableKey(workshop: Workshop, draft: Draft): Promise<Draft> {
  const key = settingOf(draft, "TWILIO_API_KEY_SID");
  const secret = settingOf(draft, "TWILIO_API_KEY_SECRET");
  workshop.tell.hide(secret);
  if (key === undefined && secret === undefined) return draft;
  const access = {
    accountSid: settingOf(draft, "TWILIO_ACCOUNT_SID") ?? "",
    baseUrl: settingOf(draft, "TWILIO_BASE_URL"),
  };
  const isTaken =
    key !== undefined &&
    secret !== undefined &&
    (await checked(workshop, () =>
      tryApiKey(access, key, secret).then(
        () => true,
        (error: unknown) => refusal(error) !== "refused",
      ),
    ));
  if (isTaken) return draft;
  const problem =
    "The API key in TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET is not accepted for this account, and the server would use it in place of the token.";
  const advice = "Take both out: the token alone is enough.";
  if (!workshop.asker.isPerson) throw new SetupProblem(problem, advice);
  workshop.tell.bad(problem);
  const isRemoved = await workshop.asker.confirm({ message: "Take the API key out?", initial: true });
  if (!isRemoved) throw new SetupProblem(problem, advice);
  return withAnswers(draft, { TWILIO_API_KEY_SID: "", TWILIO_API_KEY_SECRET: "" });
}
