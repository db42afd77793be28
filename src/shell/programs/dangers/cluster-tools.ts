// Dangers of what installs things in a cluster, follows a source for it, or makes and deletes clusters.
import type { Danger } from "./danger.ts";
import { HARMLESS, rows } from "./remote.ts";

const HELM = { programs: "helm", unless: HARMLESS } as const;

export const CLUSTER_TOOL_DANGERS: readonly Danger[] = [
  ...rows(
    { ...HELM, risk: "delete-remote" },
    {
      "uninstall, delete, del, un": "uninstalls a release with all that runs for it",
    },
  ),
  ...rows(
    { ...HELM, risk: "change-live" },
    {
      rollback: "goes back to an earlier version of a release",
    },
  ),
  {
    ...HELM,
    risk: "change-live",
    says: "replaces a release by force, or without its former values",
    on: "upgrade",
    options: "--force --reset-values --force-replace",
  },
  {
    risk: "delete-remote",
    says: "uninstalls all releases of a file",
    programs: "helmfile",
    on: "destroy, delete",
    unless: HARMLESS,
  },
  {
    risk: "change-live",
    says: "changes releases in a cluster",
    programs: "helmfile",
    on: "apply, sync",
    unless: HARMLESS,
  },
  {
    risk: "delete-remote",
    says: "deletes what it has put into a cluster",
    programs: "skaffold tilt kapp kpt",
    on: /^(delete|down|app-group delete|live destroy)( |$)/,
    unless: HARMLESS,
  },
  {
    risk: "delete-remote",
    says: "deletes a cluster with all that runs in it",
    programs: "eksctl kops k3d kind minikube kubespray talosctl rke k0sctl",
    on: /^(delete( cluster| all|$)|cluster delete|reset|remove|delete )/,
    unless: `${HARMLESS} --dry-run=true`,
  },
  {
    risk: "delete-remote",
    says: "resets a node and what the cluster keeps there",
    programs: "kubeadm talosctl k0s",
    on: "reset",
    unless: HARMLESS,
  },
  {
    risk: "delete-remote",
    says: "takes k3s with all its data off the machine",
    programs: "k3s-uninstall.sh k3s-agent-uninstall.sh k3s-killall.sh rke2-uninstall.sh",
  },
  {
    risk: "delete-remote",
    says: "deletes an app, a project or a cluster from Argo CD",
    programs: "argocd",
    on: /^(app delete|app delete-resource|appset delete|proj delete|cluster rm|repo rm|account delete-token)( |$)/,
    unless: HARMLESS,
  },
  {
    risk: "change-live",
    says: "changes what runs in a cluster",
    programs: "argocd",
    on: "app rollback, app sync, app set, app unset, app terminate-op, app patch",
    unless: HARMLESS,
  },
  {
    risk: "delete-remote",
    says: "uninstalls it from the cluster, or deletes what it keeps there",
    programs: "flux istioctl linkerd cilium",
    on: /^(uninstall|delete|x uninstall|experimental uninstall|operator remove)( |$)/,
    unless: HARMLESS,
  },
  {
    risk: "change-live",
    says: "stops a cluster from following its source",
    programs: "flux",
    on: "suspend",
    unless: HARMLESS,
  },
  {
    risk: "delete-data",
    says: "deletes backups of a cluster, or what makes them",
    programs: "velero",
    on: /^(backup|restore|schedule|snapshot|backup-location|snapshot-location) delete( |$)|^delete |^uninstall( |$)/,
    unless: HARMLESS,
  },
  {
    risk: "change-live",
    says: "restores a cluster from a backup",
    programs: "velero",
    on: /^(restore create|create restore)( |$)/,
    unless: HARMLESS,
  },
  {
    risk: "delete-data",
    says: "deletes keys of etcd, where a cluster keeps its state",
    programs: "etcdctl",
    on: "del, rm, rmdir, role delete, user delete, lease revoke",
    unless: "--help",
  },
  {
    risk: "change-live",
    says: "changes the members or the history of etcd",
    programs: "etcdctl etcdutl",
    on: "member remove, compact, compaction, defrag, snapshot restore, auth disable, migrate, move-leader",
    unless: "--help",
  },
];
