// The settings while setup works on them: what .env says, what the environment says, and what was answered. Values only;
// nothing is written here.
import type { Variables } from "../../config/read-variables.ts";

/** What setup writes. What else stands in .env stays as it is. */
const WRITTEN = [
  "TWILIO_ACCOUNT_SID",
  "TWILIO_AUTH_TOKEN",
  "TWILIO_API_KEY_SID",
  "TWILIO_API_KEY_SECRET",
  "TWILIO_WHATSAPP_FROM",
  "APPROVAL_PHONE",
  "PUBLIC_URL",
  "NGROK_AUTHTOKEN",
  "NGROK_DOMAIN",
  "TWILIO_BASE_URL",
  "WHATSAPP_AGENT_KEY",
  "WHATSAPP_AGENT_BASE_URL",
  "TELEGRAM_BOT_TOKEN",
  "TELEGRAM_BASE_URL",
  "CHANNELS",
  "SERVER_PORT",
  "WEBHOOK_PORT",
] as const;
export type WrittenName = (typeof WRITTEN)[number];

export interface Draft {
  /** What .env says. */
  readonly file: Variables;
  /** The real environment. */
  readonly env: Variables;
  /** What was decided in this run; "" takes a setting away. */
  readonly answers: Readonly<Partial<Record<WrittenName, string>>>;
}

/** A setting as it stands now; undefined when it is not set. */
export function settingOf({ answers, env, file }: Draft, name: WrittenName): string | undefined {
  // One that is set but empty hides that of .env, as it does when the server reads them.
  const value = answers[name] ?? env[name] ?? file[name];
  return value?.trim() || undefined;
}

export function withAnswers(draft: Draft, answers: Draft["answers"]): Draft {
  return { ...draft, answers: { ...draft.answers, ...answers } };
}

/** All settings as the server would read them. */
export function settingsOf({ file, env, answers }: Draft): Variables {
  return { ...file, ...env, ...answers };
}

/** What .env does not say yet. */
export function changesOf(draft: Draft): Readonly<Record<string, string>> {
  return Object.fromEntries(
    WRITTEN.flatMap((name) => {
      const value = settingOf(draft, name) ?? "";
      return value === (draft.file[name]?.trim() ?? "") ? [] : [[name, value]];
    }),
  );
}

/** Settings whose value in the environment wins over the one that was decided. */
export function overruledNames({ env, answers }: Draft): string[] {
  return Object.entries(answers).flatMap(([name, value]) => {
    const real = env[name]?.trim();
    return real === undefined || real === value ? [] : [name];
  });
}
