// Dangers of containers on a machine: what loses data, and what stops others' work.
import { type Invocation, optionsOf } from "../../invocation.ts";
import type { Danger } from "./danger.ts";
import { rows } from "./remote.ts";

const HELP = "--help --dry-run";
const DOCKER = { programs: "docker podman nerdctl finch", unless: HELP } as const;
const COMPOSE = { programs: "docker podman nerdctl docker-compose podman-compose", unless: HELP } as const;

/** `docker compose down`, `docker-compose down`. */
const compose = (words: string) => new RegExp(`^(?:compose )?(?:${words})(?: |$)`);

export const CONTAINER_DANGERS: readonly Danger[] = [
  {
    ...DOCKER,
    risk: "delete-data",
    says: "deletes all containers, images and networks that are not in use",
    on: "system prune",
  },
  {
    ...DOCKER,
    risk: "delete-data",
    says: "deletes volumes with their data",
    on: "system prune",
    options: "--volumes",
  },
  ...rows(
    { ...DOCKER, risk: "delete-data" },
    {
      "volume rm, volume remove": "deletes volumes with their data",
      "volume prune": "deletes all volumes that are not in use, with their data",
      "system reset": "deletes all containers, images, networks and volumes",
      "machine rm, machine reset": "deletes the virtual machine that containers run in, with their data",
      "container prune": "deletes all stopped containers",
      "pod prune, pod rm": "deletes pods with their containers",
      "image prune": "deletes images that are not in use",
      "builder prune, buildx prune, buildx rm": "deletes what builds have kept",
      "network prune": "deletes all networks that are not in use",
      "network rm, network remove": "deletes a network",
      "context rm, manifest rm, plugin rm, secret rm, config rm": "deletes a setting or a secret of Docker",
      "stack rm, stack down, stack remove, service rm, service remove": "deletes running services",
      "node rm": "takes a machine out of a swarm",
    },
  ),
  {
    ...DOCKER,
    risk: "delete-data",
    says: "deletes containers, also running ones",
    on: "rm, container rm, container remove",
    options: "-f --force",
  },
  {
    ...DOCKER,
    risk: "delete-data",
    says: "deletes containers with their volumes",
    on: "rm, container rm, container remove",
    options: "-v --volumes",
  },
  {
    ...DOCKER,
    risk: "delete-data",
    says: "deletes images even if containers use them",
    on: "rmi, image rm, image remove",
    options: "-f --force",
  },
  {
    ...DOCKER,
    risk: "delete-data",
    says: "deletes all images or containers",
    on: "rm, rmi, container rm, image rm",
    options: "-a --all",
  },
  {
    ...DOCKER,
    risk: "delete-data",
    says: "deletes whatever containers, images or volumes a search finds",
    on: /^(rm|rmi|container rm|image rm|volume rm)( |$)/,
    when: isFound,
  },
  {
    ...DOCKER,
    risk: "change-live",
    says: "stops whatever containers a search finds",
    on: /^(stop|kill|restart|container (stop|kill|restart))( |$)/,
    when: isFound,
  },
  { ...DOCKER, risk: "change-live", says: "stops all containers", on: "stop, kill", options: "-a --all" },
  {
    ...DOCKER,
    risk: "change-live",
    says: "stops running services, or a part of a swarm",
    on: "service scale, service rollback, node demote, swarm leave, node update",
  },
  {
    ...DOCKER,
    risk: "change-live",
    says: "unlocks or shows the keys of a swarm",
    on: "swarm unlock, swarm join-token, swarm unlock-key",
  },
  {
    ...COMPOSE,
    risk: "delete-data",
    says: "deletes the containers with their volumes and all data in them",
    on: compose("down"),
    options: "-v --volumes",
  },
  {
    ...COMPOSE,
    risk: "delete-data",
    says: "deletes the containers and their images",
    on: compose("down"),
    options: "--rmi",
  },
  {
    ...COMPOSE,
    risk: "delete-data",
    says: "deletes containers without asking, or with their volumes",
    on: /^compose rm( |$)/,
    options: "-f --force -v --volumes -s --stop",
  },
  {
    programs: "docker-compose podman-compose",
    risk: "delete-data",
    says: "deletes containers without asking, or with their volumes",
    on: "rm",
    options: "-f --force -v -s --stop",
    unless: HELP,
  },
  {
    ...COMPOSE,
    risk: "delete-data",
    says: "makes the volumes of the containers anew, without their data",
    on: compose("up"),
    options: "-V --renew-anon-volumes",
  },
  {
    ...COMPOSE,
    risk: "change-live",
    says: "ends running containers at once",
    on: compose("kill"),
    when: isCompose,
  },
  {
    risk: "delete-data",
    says: "deletes images that are not in use, or containers",
    programs: "crictl ctr",
    on: /^(rmi|rm|rmp|images? (rm|remove|prune)|i (rm|remove)|containers? (rm|delete|del)|c (rm|del)|tasks? (rm|kill)|snapshots? rm)( |$)/,
    unless: HELP,
  },
  {
    risk: "delete-data",
    says: "deletes images or containers that are being built",
    programs: "buildah",
    on: "rm, rmi, prune, images prune",
    options: "-a --all -f --force",
    unless: HELP,
  },
  {
    risk: "delete-data",
    says: "deletes what builds have kept",
    programs: "buildah",
    on: "prune",
    otherwise: true,
    unless: HELP,
  },
  {
    risk: "delete-remote",
    says: "deletes an image from a registry",
    programs: "skopeo crane regctl oras reg gcrane",
    on: /^(delete|tag delete|repo delete|image delete|manifest delete|blob delete|rm)( |$)/,
    unless: HELP,
  },
  {
    risk: "publish",
    programs: "skopeo crane oras regctl",
    on: /^(copy|push|image copy|sync)( |$)/,
    unless: HELP,
    word: /^docker:\/\/|^[\w.-]+\.[a-z]+\//,
  },
];

/** Its operands come out of a substitution or a search: `docker rm $(docker ps -aq)`, `… | xargs docker rm`. */
function isFound(call: Invocation): boolean {
  const operands = optionsOf(call).operands.slice(1);
  const isSubstituted = operands.some(({ pieces }) =>
    pieces.some(({ kind, text }) => kind === "expansion" && /^(\$\(|`)/.test(text)),
  );
  return (
    isSubstituted ||
    (call.input?.text === "" &&
      operands.every(({ text }) => /^(container|image|volume|rm|rmi|stop|kill)$/.test(text)))
  );
}

function isCompose(call: Invocation): boolean {
  return call.name.includes("-compose") || optionsOf(call).operands[0]?.text === "compose";
}
