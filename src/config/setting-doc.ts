// What is said about one setting, and about a group of them.
import type { Environment } from "./environment.ts";

export interface SettingDoc {
  readonly name: keyof Environment | "TWILIO_CONTENT_SID";
  /** What it does, in whole sentences; numbers with their units and limits. */
  readonly about: string;
  /** Where its value comes from, when a person has to fetch it. */
  readonly where?: string;
}

export interface SettingGroup {
  readonly title: string;
  /** What holds for all of them. */
  readonly about?: string;
  readonly settings: readonly SettingDoc[];
}
