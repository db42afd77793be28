// What gives a container power over the machine that it runs on, and what ends one.
import { type Invocation, optionsOf } from "../../invocation.ts";
import type { Danger } from "./danger.ts";

const DOCKER = { programs: "docker podman nerdctl finch", unless: "--help --dry-run" } as const;
const RUN = "run, create, container run, container create, compose run";

export const CONTAINER_POWER_DANGERS: readonly Danger[] = [
  {
    ...DOCKER,
    risk: "change-live",
    otherwise: true,
    says: "ends a container at once",
    on: "kill, container kill",
  },
  {
    risk: "open-machine",
    says: "runs with the files, the network or the processes that another process sees",
    programs: "nsenter",
    unless: "--help --version",
  },
  {
    ...DOCKER,
    risk: "open-machine",
    says: "gives a container all rights over this machine",
    on: RUN,
    options: "--privileged",
  },
  {
    ...DOCKER,
    risk: "open-machine",
    says: "gives a container rights of the machine's kernel or its devices",
    on: RUN,
    when: hasPower,
  },
  {
    ...DOCKER,
    risk: "open-machine",
    says: "gives a container the processes or the user of this machine",
    on: RUN,
    word: /^--(pid|userns|ipc|uts|cgroupns)=host$/,
  },
  {
    ...DOCKER,
    risk: "open-machine",
    says: "gives a container the processes of this machine",
    on: RUN,
    when: sharesHost,
  },
  {
    ...DOCKER,
    risk: "open-machine",
    says: "gives a container the disk or the Docker of this machine",
    on: RUN,
    when: mountsMachine,
  },
  {
    ...DOCKER,
    risk: "open-machine",
    says: "runs with all rights in a container",
    on: "exec, container exec",
    options: "--privileged",
  },
];

function hasPower(call: Invocation): boolean {
  const { values } = optionsOf(call);
  return (
    values("--cap-add").some(({ text }) => text.split(",").some((each) => POWERS.test(each))) ||
    values("--security-opt").some(({ text }) => UNCONFINED.test(text)) ||
    values("--device").some(({ text }) => /^\/dev\/(sd|nvme|vd|mem|kmem|mapper|disk|kvm)/.test(text))
  );
}

function sharesHost(call: Invocation): boolean {
  return optionsOf(call)
    .values("--pid", "--userns", "--ipc", "--cgroupns")
    .some(({ text }) => text === "host");
}

const POWERS =
  /^(all|sys_admin|sys_ptrace|sys_module|sys_rawio|dac_read_search|dac_override|net_admin|cap_sys_\w+|cap_dac_\w+|bpf)$/i;

const UNCONFINED = /^(apparmor|seccomp|label|systempaths)[=:](unconfined|disable)$/i;

/** Folders that hold the machine, or the socket of what may start any container. */
const MACHINE =
  /^(\/|\/(etc|root|boot|dev|proc|sys|var|usr|home|lib|bin|sbin|mnt|run|var\/run|var\/lib|var\/lib\/docker)\/?|.*\/(docker|podman|containerd|crio)\.sock|~|~\/\.ssh|~\/\.aws|\$\{?HOME\}?)$/;

function mountsMachine(call: Invocation): boolean {
  const { values } = optionsOf(call);
  const volumes = values("-v", "--volume").map(({ text }) => text.split(":")[0] ?? "");
  const mounts = values("--mount").map(({ text }) => /(?:^|,)(?:source|src)=([^,]*)/.exec(text)?.[1] ?? "");
  return [...volumes, ...mounts].some((path) => MACHINE.test(path));
}
