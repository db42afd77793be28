// Why systemd's user manager cannot be used here, and what to do instead.
import { ownCommand } from "../../domain/own-command.ts";
import { visibleLine } from "../../domain/visible.ts";
import { ServerError } from "../local-client.ts";
import type { Ran } from "./programs.ts";

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The command that runs the server, to be given to another service manager. */
  readonly startLine: string;
}

/** What systemd said may be long, and is shown in one line, UTF-16 units. */
const MAX_SAID = 300;
const AGAIN = `then run: ${ownCommand("service install")}`;

/** @param args what systemctl was called with */
export function systemdProblem(ran: Ran, args: readonly string[], around: Surroundings): ServerError {
  const said = visibleLine(ran.stderr.trim()).slice(0, MAX_SAID);
  const isWsl = Boolean(around.env["WSL_DISTRO_NAME"]);
  // "Host is down" is what systemctl says where another init runs.
  if (ran.isMissing || /not been booted with systemd|Host is down/.test(said)) {
    return isWsl
      ? new ServerError(
          "This WSL runs without systemd, so that there is nothing to keep a service running.",
          `Put these two lines into /etc/wsl.conf: [boot] and systemd=true. In Windows run: wsl --shutdown. Start the distribution again, ${AGAIN}`,
        )
      : new ServerError(
          "systemd does not run here, so that a service cannot be installed this way.",
          `Have your own service manager run this command as your user, and start it again when it ends with a code other than 0, 2, 64 or 69: ${around.startLine}`,
        );
  }
  if (
    /connect to (the )?(user scope )?bus|No medium found|XDG_RUNTIME_DIR|DBUS_SESSION_BUS_ADDRESS/.test(said)
  ) {
    return new ServerError(
      `systemd's user manager cannot be reached (${said}).`,
      `Log in as this user directly or over ssh, not with su or sudo, ${AGAIN}. For a user who never logs in, an administrator first runs: loginctl enable-linger <user>`,
    );
  }
  if (ran.code === undefined) {
    return new ServerError(
      `systemctl ${args.join(" ")} did not answer.`,
      "Try again; see: systemctl --user status",
    );
  }
  return new ServerError(`systemctl ${args.join(" ")} failed: ${said}`, `See: ${ownCommand("service logs")}`);
}
