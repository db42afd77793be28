// Small stand-ins for the programs of a service manager, in a PATH of the test's own: each notes how it was called, and answers
// as the test has written. What the service would serve is answered by the `fetch` that goes with it.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandContext } from "../../src/cli/command.ts";
import { homeIn } from "../../src/config/home.ts";
import { type EndedHere, runHere } from "./command-line.ts";
import { temporaryFolder } from "./temporary.ts";

interface ProgramAnswer {
  readonly out?: string;
  readonly err?: string;
  readonly code?: number;
  /** What another call is answered from then on. */
  readonly next?: readonly [call: string, answer: Omit<ProgramAnswer, "next">];
}

export interface ServiceStage {
  readonly home: string;
  readonly envFile: string;
  /** The unit of systemd, or the agent of launchd. */
  readonly file: (system: "systemd" | "launchd") => string;
  /** Every call of a program so far, as one line each. */
  calls(): readonly string[];
  /** From now on a program, called so, prints this and ends with this code. */
  answer(call: string, answer: ProgramAnswer): void;
  /** Both service managers with a service that starts, answers and stops. */
  allGoesWell(): void;
  run(words: readonly string[], more?: Partial<CommandContext>): Promise<EndedHere>;
}

/** Looks the call up by its words, the whole of them first and then fewer from the end. */
const PROGRAM = `#!/bin/sh
here=$(dirname "$0")/..
name=$(basename "$0")
echo "$name $*" >> "$here/calls"
key="$name $*"
while :; do
  file="$here/answers/$(printf %s "$key" | tr '/ ' '__')"
  if [ -e "$file.code" ]; then
    if [ -e "$file.then" ]; then . "$file.then"; fi
    cat "$file.out"; cat "$file.err" >&2
    exit "$(cat "$file.code")"
  fi
  case $key in *" "*) key=\${key% *} ;; *) exit 0 ;; esac
done
`;

/** @param programs that are there */
export function serviceStage(
  programs: readonly string[] = ["systemctl", "loginctl", "journalctl", "launchctl", "tail"],
): ServiceStage {
  const folder = temporaryFolder();
  const [bin, answers, home] = ["bin", "answers", "home dir"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const made of [bin, answers, home]) mkdirSync(made);
  for (const name of programs) {
    writeFileSync(join(bin, name), PROGRAM);
    chmodSync(join(bin, name), 0o755);
  }
  const envFile = join(home, ".env");
  const calls = join(folder, "calls");

  function write(file: string, { out = "", err = "", code = 0 }: Omit<ProgramAnswer, "next">): void {
    writeFileSync(`${file}.out`, out);
    writeFileSync(`${file}.err`, err);
    writeFileSync(`${file}.code`, String(code));
  }
  const fileOf = (call: string) => join(answers, call.replaceAll(/[/ ]/g, "_"));
  function answer(call: string, { next, ...given }: ProgramAnswer): void {
    const file = fileOf(call);
    write(file, given);
    if (next === undefined) return;
    const [later, laterAnswer] = next;
    write(`${file}.later`, laterAnswer);
    const moves = ["out", "err", "code"].map(
      (part) => `cp '${file}.later.${part}' '${fileOf(later)}.${part}'`,
    );
    writeFileSync(`${file}.then`, `${moves.join("\n")}\n`);
  }

  /** As the service would answer: nobody before it was started, nor after it was stopped. */
  const served: typeof fetch = async () => {
    const log = existsSync(calls) ? readFileSync(calls, "utf8") : "";
    const last = (words: RegExp) => Math.max(-1, ...[...log.matchAll(words)].map(({ index }) => index));
    if (last(/ (restart|bootstrap) /g) > last(/ disable /g))
      return Response.json({ status: "ok", version: "0.0.0-test", waiting: 1 });
    throw new TypeError("fetch failed", {
      cause: Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }),
    });
  };

  return {
    home,
    envFile,
    file: (system) =>
      system === "systemd"
        ? join(home, ".config", "systemd", "user", "approval-server.service")
        : join(home, "Library", "LaunchAgents", "local.approval-server.plist"),
    calls: () => (existsSync(calls) ? readFileSync(calls, "utf8").trimEnd().split("\n") : []),
    answer,
    allGoesWell() {
      const show = "systemctl --user show approval-server.service";
      const running = { out: "ActiveState=active\nMainPID=4711\nResult=success\nUnitFileState=enabled\n" };
      answer(show, { out: "ActiveState=inactive\nMainPID=0\nResult=success\nUnitFileState=\n" });
      answer("systemctl --user restart", { next: [show, running] });
      answer("loginctl show-user", { out: "Linger=no\n" });
      const target = `gui/${process.getuid?.()}/local.approval-server`;
      answer(`launchctl print ${target}`, { err: "Could not find service", code: 113 });
      answer("launchctl bootout", { code: 3 });
      answer("launchctl bootstrap", {
        next: [
          `launchctl print ${target}`,
          { out: "x = {\n\tstate = running\n\tpid = 4711\n\tlast exit code = (never exited)\n}" },
        ],
      });
    },
    run(words, { env = {}, ...more } = {}) {
      return runHere(["service", ...words], {
        env: { HOME: home, PATH: `${bin}:/usr/bin:/bin`, ...env },
        envFile,
        home: homeIn(home, "clone"),
        folder: home,
        fetch: served,
        ...more,
      });
    },
  };
}
