// Every danger that a single program can be, and the one place that asks.
import { createDangerBook } from "./danger.ts";
import { DISK_DANGERS } from "./disk.ts";
import { GIT_DANGERS } from "./git.ts";
import { KUBERNETES_DANGERS } from "./kubernetes.ts";
import { NETWORK_DANGERS } from "./network.ts";
import { PUBLISHING_DANGERS } from "./publishing.ts";
import { SYSTEM_DANGERS } from "./system.ts";

export const DANGERS = [
  ...DISK_DANGERS,
  ...GIT_DANGERS,
  ...KUBERNETES_DANGERS,
  ...NETWORK_DANGERS,
  ...PUBLISHING_DANGERS,
  ...SYSTEM_DANGERS,
];

/** The dangers of one program run, by its name and its words. */
export const dangersOf = createDangerBook(DANGERS);
