// Dangers of Kubernetes: what is deleted or changed in a cluster that others use.
import type { Invocation } from "../../invocation.ts";
import type { Danger } from "./danger.ts";
import { HARMLESS, rows } from "./remote.ts";

const KUBECTL = { programs: "kubectl oc kubecolor microk8s.kubectl k3s.kubectl", unless: HARMLESS } as const;
const WORKLOADS =
  "deploy|deployments?|statefulsets?|sts|daemonsets?|ds|replicasets?|rs|cronjobs?|cj|jobs?|pods?|po";

/** `delete ns x`, `delete ns/x`, `delete deploy,svc x`: the kind of thing may carry a group, `deployments.apps`. */
const kind = (names: string) => new RegExp(`^delete (\\S+,)?(?:${names})([./,]\\S*)?(?: |$)`, "i");

export const KUBERNETES_DANGERS: readonly Danger[] = [
  {
    ...KUBECTL,
    risk: "delete-remote",
    says: "deletes a namespace with all that runs in it",
    on: kind("ns|namespaces?|projects?"),
  },
  {
    ...KUBECTL,
    risk: "delete-data",
    says: "deletes a volume or its claim, perhaps with the data",
    on: kind("pvc|pv|persistentvolume(claim)?s?|volumesnapshots?|vs"),
  },
  {
    ...KUBECTL,
    risk: "delete-remote",
    says: "deletes a whole kind of object with every object of it",
    on: kind("crds?|customresourcedefinitions?"),
  },
  {
    ...KUBECTL,
    risk: "delete-remote",
    says: "deletes a secret or settings of the cluster",
    on: kind("secrets?|configmaps?|cm"),
  },
  { ...KUBECTL, risk: "delete-remote", says: "deletes a node from the cluster", on: kind("nodes?|no") },
  { ...KUBECTL, risk: "delete-remote", says: "deletes pods or what keeps them running", on: kind(WORKLOADS) },
  {
    ...KUBECTL,
    risk: "delete-remote",
    says: "deletes something from a Kubernetes cluster",
    on: "delete",
    otherwise: true,
  },
  {
    ...KUBECTL,
    risk: "change-live",
    says: "deletes every object of that kind, or in all namespaces",
    on: "delete",
    options: "--all -A --all-namespaces -R --recursive",
  },
  {
    ...KUBECTL,
    risk: "change-live",
    says: "deletes at once, without an orderly end",
    on: "delete",
    options: "--force --now",
  },
  ...rows(
    { ...KUBECTL, risk: "change-live" },
    {
      drain: "moves all pods off a node",
      cordon: "takes a node out of use for new pods",
      taint: "keeps pods off a node, or ends them there",
      "rollout undo": "goes back to an earlier version of what runs",
      "rollout restart, rollout pause": "restarts what runs, or holds its update",
      replace: "replaces objects of the cluster",
      "patch, edit, set image, set env, set resources, autoscale": "changes something that runs in a cluster",
    },
  ),
  {
    ...KUBECTL,
    risk: "change-live",
    says: "stops all pods of something",
    on: "scale",
    word: /^(--replicas=)?0$/,
  },
  { ...KUBECTL, risk: "change-live", says: "changes how many pods run", on: "scale", otherwise: true },
  {
    ...KUBECTL,
    risk: "change-live",
    says: "deletes objects and makes them anew",
    on: "apply, replace",
    options: "--force",
  },
  {
    ...KUBECTL,
    risk: "delete-remote",
    says: "deletes what the files do not name",
    on: "apply",
    options: "--prune",
  },
  {
    ...KUBECTL,
    risk: "grant-access",
    says: "gives rights in a cluster",
    on: /^create (clusterrolebinding|rolebinding|clusterrole|token)( |$)|^(adm )?policy add-|^certificate approve/,
  },
  {
    ...KUBECTL,
    risk: "show-secret",
    says: "shows secrets of a cluster",
    on: /^(get|describe) (\S+,)?secrets?([/,]\S*)?( |$)/,
    when: showsValues,
  },
  {
    ...KUBECTL,
    risk: "show-secret",
    says: "shows the keys of a cluster",
    on: "config view",
    options: "--raw",
  },
  {
    ...KUBECTL,
    risk: "delete-remote",
    says: "sends a DELETE request to a cluster",
    on: "delete",
    options: "--raw",
  },
  { ...KUBECTL, risk: "send-file", says: "copies files from or to a pod", on: "cp" },
  {
    ...KUBECTL,
    risk: "open-machine",
    says: "starts a container with the power over a node",
    on: "debug",
    word: /^(node\/|--profile=sysadmin)/,
  },
];

/** Without a form of output only the names are printed, or how long the values are. */
function showsValues({ args }: Invocation): boolean {
  const words = args.map(({ text }) => text);
  return words.some(
    (word, at) =>
      /^(-o|--output)=?(yaml|json|jsonpath|go-template|custom-columns|template)/.test(word) ||
      (/^(-o|--output)$/.test(word) && !/^(name|wide)$/.test(words[at + 1] ?? "name")),
  );
}
