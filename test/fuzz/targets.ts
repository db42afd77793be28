// Every target, in the order in which a run takes them.
import type { Target } from "./target.ts";
import bodies from "./targets/bodies.ts";
import commandLine from "./targets/command-line.ts";
import files from "./targets/files.ts";
import gateway from "./targets/gateway.ts";
import http from "./targets/http.ts";
import masking from "./targets/masking.ts";
import rendering from "./targets/rendering.ts";
import reply from "./targets/reply.ts";
import settings from "./targets/settings.ts";
import shell from "./targets/shell.ts";
import tasks from "./targets/tasks.ts";
import toolInput from "./targets/tool-input.ts";
import updates from "./targets/updates.ts";
import visible from "./targets/visible.ts";
import webhook from "./targets/webhook.ts";

export const TARGETS: readonly Target[] = [
  reply,
  visible,
  updates,
  bodies,
  shell,
  masking,
  rendering,
  toolInput,
  webhook,
  gateway,
  tasks,
  files,
  settings,
  commandLine,
  http,
];
