// Dangers of further clouds: whatever their command lines delete, by the words that they have for it.
import type { Danger } from "./danger.ts";
import { deletesAt, HARMLESS } from "./remote.ts";

const OTHERS =
  "doctl linode-cli hcloud oci ibmcloud scw vultr vultr-cli civo exo upctl openstack aliyun tccli nova cinder neutron cf";

export const OTHER_CLOUD_DANGERS: readonly Danger[] = [
  deletesAt("doctl", "at DigitalOcean"),
  deletesAt("linode-cli", "at Linode"),
  deletesAt("hcloud", "at Hetzner Cloud"),
  deletesAt("oci", "at Oracle Cloud"),
  deletesAt("ibmcloud", "at IBM Cloud"),
  deletesAt("scw", "at Scaleway"),
  deletesAt("vultr vultr-cli", "at Vultr"),
  deletesAt("openstack nova cinder neutron", "in an OpenStack cloud"),
  deletesAt("aliyun tccli civo exo upctl cf", "in a cloud"),
  {
    risk: "delete-remote",
    says: "deletes something in a cloud",
    programs: "openstack aliyun tccli oci",
    on: /^\S+ (Delete|Terminate|Release|Destroy)[A-Z]\w*( |$)|^(\S+ ){1,4}(bulk-)?(delete|terminate|purge)( |$)/,
    otherwise: true,
    unless: HARMLESS,
  },
  {
    risk: "delete-data",
    says: "deletes a database cluster or a database at DigitalOcean",
    programs: "doctl",
    on: /^(databases|db|d) (delete|rm|db delete|db rm)( |$)/,
    unless: HARMLESS,
  },
  {
    risk: "delete-remote",
    says: "ends servers for good, with what is on their disks",
    programs: OTHERS,
    on: /^(compute droplet (delete|rm|d)|droplet delete|linodes delete|server (delete|terminate)|instance (server )?(delete|terminate)|compute instance terminate|instance delete)( |$)/,
    unless: HARMLESS,
  },
  {
    risk: "change-live",
    says: "stops, resets or rebuilds servers",
    programs: OTHERS,
    on: /^(compute droplet-action (power-off|shutdown|reboot|power-cycle|restore|rebuild)|linodes (shutdown|reboot|rebuild)|server (stop|shutdown|poweroff|reset|reboot|rebuild|set --state)|compute instance action|instance (stop|reboot|reinstall|restore))( |$)/,
    unless: HARMLESS,
  },
];
