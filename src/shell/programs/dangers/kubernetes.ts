// Dangers of Kubernetes: what is deleted or changed in a cluster that others use.
import type { Danger } from "./danger.ts";

const UNLESS = "--dry-run --help";

export const KUBERNETES_DANGERS: readonly Danger[] = [
  {
    risk: "delete-remote",
    says: "deletes a namespace with all that runs in it",
    programs: "kubectl oc",
    on: /^delete (ns|namespaces?|projects?)( |$|\/)/,
    unless: UNLESS,
  },
  {
    risk: "delete-remote",
    says: "deletes something from a Kubernetes cluster",
    programs: "kubectl oc",
    on: "delete",
    otherwise: true,
    unless: UNLESS,
  },
];
