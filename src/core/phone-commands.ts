// What PENDING, STATUS, MORE, GRANTS, REVOKE, PAUSE, RESUME, PANIC, HELP and the words about tasks do, and the one notice that each is answered with.
import type { Notice } from "../domain/notice.ts";
import type { PhoneCommand } from "../domain/phone-command.ts";
import { isApprovalId, type Phone } from "../domain/tool-call.ts";
import type { Gate } from "./gate-contract.ts";
import type { Grants } from "./grants.ts";
import { type ModeKeeper, pauseFor } from "./mode.ts";
import type { People } from "./people.ts";
import type { PhoneTasks } from "./phone-tasks.ts";
import type { Clock } from "./ports/clock.ts";
import type { ShowMoreRunner } from "./show-more.ts";

export interface PhoneCommandDeps {
  readonly gate: Gate;
  readonly mode: ModeKeeper;
  readonly grants: Grants;
  /** PENDING lists what its phone is asked about. Default: everybody is asked about all. */
  readonly people?: Pick<People, "mayDecide"> | undefined;
  readonly clock: Clock;
  /** Default: nothing is ever kept back. */
  readonly showMore?: ShowMoreRunner | undefined;
  /** Default: tasks are off. */
  readonly tasks?: Pick<PhoneTasks, "run" | "endAll"> | undefined;
}

/**
 * @param at when the command was sent, epoch ms: a pause is counted from then
 * @param follow gets what resolves once the phone has heard of it, where that is told otherwise
 * @returns what to say; undefined where that is told otherwise
 */
export type PhoneCommandRunner = (
  command: PhoneCommand,
  by: Phone,
  at: number,
  follow?: (told: Promise<void>) => void,
) => Promise<Notice | undefined>;

export function createPhoneCommandRunner({
  gate,
  mode,
  grants,
  people,
  clock,
  showMore,
  tasks,
}: PhoneCommandDeps): PhoneCommandRunner {
  const theirs = (by: Phone) =>
    gate.waiting().filter(({ project }) => people?.mayDecide(by, project) ?? true);
  const unrecorded = () => (mode.isRecorded() ? {} : { unrecorded: true as const });

  function revoke(named: string): Notice {
    if (named === "all") return { kind: "revoked", ended: grants.endAll("revoked"), grants: [] };
    const isEnded = isApprovalId(named) && grants.end(named, "revoked");
    const left = grants.list();
    return isEnded
      ? { kind: "revoked", ended: [named], grants: left }
      : { kind: "revoked", ended: [], unknown: named, grants: left };
  }

  return async (command, by, at, follow) => {
    const current = mode.current();
    switch (command.kind) {
      case "help":
        return { kind: "help" };
      case "pending":
        return { kind: "pending", requests: theirs(by), now: clock.now() };
      case "status":
        return {
          kind: "status",
          mode: current,
          waiting: gate.waiting().length,
          grants: grants.list().length,
          ...unrecorded(),
        };
      case "grants":
        return { kind: "grants", grants: grants.list() };
      case "run":
      case "tasks":
      case "kill":
        return tasks === undefined ? { kind: "tasks-off" } : tasks.run(command, by, follow);
      case "revoke":
        return revoke(command.grant);
      case "more":
        return showMore?.(command.id, by) ?? { kind: "more", id: command.id, sent: 0, left: 0 };
      case "pause": {
        // A pause must not end a panic.
        if (current.kind === "panic") return { kind: "closed", mode: current, ended: [] };
        const pause = pauseFor(command.minutes, by, at);
        const closing = mode.close(pause);
        const ended = grants.endAll("paused");
        await closing;
        return pause.until <= clock.now()
          ? { kind: "pause-over", ended }
          : { kind: "closed", mode: pause, ended, ...unrecorded() };
      }
      case "resume":
        if (current.kind === "panic") return { kind: "closed", mode: current, ended: [] };
        await mode.open();
        return { kind: "resumed", wasOpen: current.kind === "open", ...unrecorded() };
      case "panic": {
        const panic = { kind: "panic", by } as const;
        const closing = mode.close(panic);
        const ended = grants.endAll("panic");
        await closing;
        await gate.shut(panic);
        await tasks?.endAll();
        return { kind: "closed", mode: panic, ended, ...unrecorded() };
      }
    }
  };
}
