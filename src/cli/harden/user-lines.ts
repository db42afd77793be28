// The lines that give the server a user of its own: a system service on Linux, a launch daemon on macOS. They are read before they
// are pasted; each does one thing.
import type { ChannelName } from "../../domain/channel.ts";
import { shellWord } from "../../domain/own-command.ts";

export interface UserLinesInput {
  readonly nodePath: string;
  readonly root: string;
  readonly envFile: string;
  /** Whether the server starts Claude itself. */
  readonly hasTasks: boolean;
  /** Those with a real account. Default: none is known */
  readonly channels?: readonly ChannelName[] | undefined;
}

const USER = "approval";
const PROGRAM_FOLDER = "/opt/approval-server";
const HOME = "/var/lib/approval-server";
const UNIT_FILE = "/etc/systemd/system/approval-server.service";

/** Of systemd's system manager: unlike a user's, it may shut the file system off. */
const UNIT = (node: string) => `[Unit]
Description=Approval server: asks a phone what Claude Code may do
After=network-online.target
Wants=network-online.target

[Service]
User=${USER}
Group=${USER}
Environment=APPROVAL_HOME=${HOME}
ExecStart="${node}" "${PROGRAM_FOLDER}/bin/approval-server.js" start
Restart=on-failure
RestartSec=10
RestartPreventExitStatus=2 64 69
TimeoutStopSec=10
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths=${HOME}
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
CapabilityBoundingSet=
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictSUIDSGID=yes
LockPersonality=yes

[Install]
WantedBy=multi-user.target`;

export function linuxLines({ nodePath, root, envFile, ...rest }: UserLinesInput): readonly string[] {
  return [
    `sudo useradd --system --home-dir ${HOME} --shell /usr/sbin/nologin ${USER}`,
    `sudo cp -R ${shellWord(root)} ${PROGRAM_FOLDER} && sudo chown -R root:root ${PROGRAM_FOLDER} && sudo chmod -R go-w ${PROGRAM_FOLDER}`,
    `sudo install -d -o ${USER} -g ${USER} -m 700 ${HOME}`,
    `sudo install -o ${USER} -g ${USER} -m 600 ${shellWord(envFile)} ${HOME}/.env`,
    `sudo tee ${UNIT_FILE} >/dev/null <<'EOF'`,
    ...UNIT(nodePath).split("\n"),
    "EOF",
    "sudo systemctl daemon-reload && sudo systemctl enable --now approval-server",
    `rm ${shellWord(envFile)}`,
    ...notes({ nodePath, ...rest }),
  ];
}

export function macLines({ nodePath, root, envFile, ...rest }: UserLinesInput): readonly string[] {
  return [
    `sudo sysadminctl -addUser _${USER} -home ${HOME} -shell /usr/bin/false`,
    `sudo cp -R ${shellWord(root)} ${PROGRAM_FOLDER} && sudo chown -R root:wheel ${PROGRAM_FOLDER} && sudo chmod -R go-w ${PROGRAM_FOLDER}`,
    `sudo install -d -o _${USER} -m 700 ${HOME}`,
    `sudo install -o _${USER} -m 600 ${shellWord(envFile)} ${HOME}/.env`,
    `Then a launch daemon in /Library/LaunchDaemons, root's and with mode 644: UserName _${USER}, EnvironmentVariables APPROVAL_HOME=${HOME},`,
    `ProgramArguments ${nodePath}, ${PROGRAM_FOLDER}/bin/approval-server.js, start; and: sudo launchctl bootstrap system <that file>`,
    `rm ${shellWord(envFile)}`,
    ...notes({ nodePath, ...rest }),
  ];
}

/** What a program of Claude's user could have read until now. */
const NEW_SECRETS: Readonly<Record<ChannelName, string>> = {
  whatsapp: "new tokens at Twilio",
  "whatsapp-agent": "a new key of the agent in WhatsApp",
  telegram: "a new token of the bot at @BotFather",
};

function secretsText(channels: readonly ChannelName[]): string {
  const what = channels.map((name) => NEW_SECRETS[name]).join(", ");
  return what === "" ? "" : `; make ${what} afterwards: Claude could have read the old ones`;
}

function notes({
  nodePath,
  hasTasks,
  channels = [],
}: Pick<UserLinesInput, "nodePath" | "hasTasks" | "channels">): string[] {
  const ofPerson = /^\/(?:home|Users|root)\//.test(nodePath);
  return [
    `Stop the server of your own user first (service uninstall)${secretsText(channels)}. Take policy.json, gateway.json and tools along where you have them.`,
    ...(ofPerson
      ? [`${nodePath} is in a person's own folder, and so in Claude's reach: use a Node.js of the system.`]
      : []),
    ...(hasTasks
      ? [
          "Tasks and resumed sessions run as the server's user: with a user of its own they cannot work in your folders. Leave TASKS and PARK_AFTER_MINUTES off then.",
        ]
      : []),
  ];
}
