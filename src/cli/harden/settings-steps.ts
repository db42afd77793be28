// What the settings say of who may ask, who is believed, and what the phone hears. One step a setting.
import type { Config } from "../../config/config.ts";
import { VARIABLE_NAMES } from "../../config/environment.ts";
import type { Variables } from "../../config/read-variables.ts";
import { isLoopbackName } from "../../config/remote-values.ts";
import { phoneText } from "../../domain/names.ts";
import { ownCommand, shellWord } from "../../domain/own-command.ts";
import { done, type HardenStep, notPossible, type StepResult, toDo } from "./step.ts";

/** What has to be known of the settings beside their values. */
export interface SettingsInput {
  readonly config: Config;
  readonly env: Variables;
  /** The real environment alone: what Claude inherits where it is started from the same shell. */
  readonly shellEnv: Variables;
  readonly envFile: string;
  /** The user ids that this server has learned, by phone. */
  readonly learnedIds: ReadonlySet<string>;
}

interface SettingsRow {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly judge: (input: SettingsInput) => StepResult;
}

const tokenLine = (envFile: string) =>
  `echo "APPROVAL_TOKEN=$(openssl rand -hex 32)" >> ${shellWord(envFile)}`;
const NAMED_LINE = "APPROVAL_TOKENS=claude:<another one, by: openssl rand -hex 32>    # in .env";

const ROWS: readonly SettingsRow[] = [
  {
    id: "phone",
    title: "The phone is a real one",
    why: "the simulated phone is a page of this machine: any program here can tap on it, Claude's commands included",
    judge: ({ config }) =>
      config.simulation === undefined ? done() : toDo("the simulated phone answers", [ownCommand("setup")]),
  },
  {
    id: "replies",
    title: "Replies are checked with Twilio",
    why: "who reads TWILIO_AUTH_TOKEN can sign a webhook: unchecked, it approves",
    judge({ config: { simulation, verifyReplies, channels } }) {
      if (simulation !== undefined) return notPossible("with the simulated phone there is nothing to check");
      if (!channels.includes("whatsapp"))
        return done("Twilio is not used: each reply is fetched from its own platform");
      if (verifyReplies === "off")
        return toDo("VERIFY_REPLIES is off", ["VERIFY_REPLIES=approvals    # in .env, or take the line out"]);
      return verifyReplies === "all"
        ? done("every reply")
        : done(
            "approvals; VERIFY_REPLIES=all checks denials, PAUSE and PANIC too, and none counts then while Twilio cannot be reached",
          );
    },
  },
  {
    id: "token",
    title: "The local port wants a token, and Claude has one of its own",
    why: "loopback is open to every user and program of this machine: without a token each can ask, read what was asked, and end a panic",
    judge({ config: { token, namedTokens }, shellEnv, envFile }) {
      if (token === undefined) return toDo("APPROVAL_TOKEN is not set", [tokenLine(envFile), NAMED_LINE]);
      if (shellEnv["APPROVAL_TOKEN"]?.trim() === token) {
        return toDo(
          "this shell has the operator's own token in its environment: a Claude that is started here hands it to every command",
          [NAMED_LINE, "export APPROVAL_TOKEN=<that one>    # in the shell that claude is started from"],
        );
      }
      return namedTokens.size === 0
        ? toDo("no named token: Claude would have to use the operator's own, which ends a panic", [
            NAMED_LINE,
          ])
        : done(`APPROVAL_TOKEN, and ${namedTokens.size} named`);
    },
  },
  {
    id: "reach",
    title: "The local port is reached from this machine only",
    why: "the listener speaks plain http: on a network the token can be read on the way",
    judge: ({ config: { host } }) =>
      isLoopbackName(host)
        ? done()
        : toDo(`HOST is ${host}`, [
            "HOST=127.0.0.1    # in .env; from another machine: ssh -L 8000:127.0.0.1:8000 <this machine>, or https by a proxy (docs/remote.md)",
          ]),
  },
  {
    id: "confirm",
    title: "The phone is told of every approval",
    why: "with CONFIRM=problems an approval that somebody makes in your name leaves nothing on your phone",
    judge: ({ config }) =>
      config.confirm === "all"
        ? done()
        : toDo("CONFIRM is problems", ["CONFIRM=all    # in .env, or take the line out"]),
  },
  {
    id: "user-ids",
    title: "User ids are named beside the numbers",
    why: "an id that is learned from a webhook can be somebody else's where the auth token is known",
    judge({ config: { approvers, userIds, simulation, approversPath: file }, learnedIds }) {
      if (simulation !== undefined) return notPossible("with the simulated phone there are none");
      const open = approvers.filter((each) => !userIds.has(each));
      if (open.length === 0) return done();
      const learned = open.filter((each) => learnedIds.has(each));
      if (learned.length === 0)
        return notPossible("WhatsApp has told no id of these phones yet: there is none to name");
      return toDo(`learned, and not named: ${learned.map(phoneText).join(", ")}`, [
        `${file === undefined ? "APPROVAL_PHONE=<number>=whatsapp:<id>    # in .env" : `"<number>=whatsapp:<id>"    # in place of the number, in ${file}`}; the id is in: ${ownCommand("doctor")}`,
      ]);
    },
  },
  {
    id: "record",
    title: "A change of the record would be seen",
    why: "who can write the database can rewrite what happened; a head hash on the phone cannot be rewritten with it",
    judge({ env }) {
      const names: readonly string[] = VARIABLE_NAMES;
      if (!names.includes("AUDIT_HEAD")) return notPossible("this version keeps no chain of events");
      const head = env["AUDIT_HEAD"]?.trim();
      const days = env["RETENTION_DAYS"]?.trim();
      const kept = days ? `; kept for ${days} days` : "; nothing is removed by itself";
      return head && head !== "off"
        ? done(`AUDIT_HEAD is ${head}${kept}`)
        : toDo(`AUDIT_HEAD is off: the phone gets no head${kept}`, ["AUDIT_HEAD=daily    # in .env"]);
    },
  },
];

/** @param read undefined where the settings cannot be read by whoever calls this */
export function settingsSteps(read: () => SettingsInput | undefined): readonly HardenStep[] {
  return ROWS.map(({ judge, ...row }) => ({
    ...row,
    async look() {
      const input = read();
      return input === undefined
        ? notPossible(
            "you cannot read the settings, and so neither can Claude: run this as the server's user, with --agent <you>",
          )
        : judge(input);
    },
  }));
}
