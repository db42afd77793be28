// Every target, in the order in which a run takes them.
import type { Target } from "./target.ts";
import reply from "./targets/reply.ts";
import shell from "./targets/shell.ts";

export const TARGETS: readonly Target[] = [reply, shell];
