// Dangers of what works on other machines, real ones and virtual ones: Ansible and its relatives, Vagrant, virsh.
import { type Invocation, optionsOf } from "../../invocation.ts";
import type { Danger } from "./danger.ts";

const ANSIBLE = {
  programs: "ansible ansible-playbook ansible-pull",
  unless: "--check -C --syntax-check --list-hosts --list-tasks --list-tags --help --version",
} as const;

export const MACHINE_DANGERS: readonly Danger[] = [
  {
    ...ANSIBLE,
    risk: "run-remote",
    says: "changes other machines by an Ansible playbook",
    programs: "ansible-playbook ansible-pull",
  },
  {
    ...ANSIBLE,
    risk: "run-remote",
    programs: "ansible",
    when: runsModule,
  },
  {
    risk: "run-remote",
    programs: "salt salt-ssh pssh parallel-ssh pdsh clush dsh bolt fab knife",
    on: /^(?!(test\.ping|--version|list)).*\S/,
    unless: "--help --version --list",
    notWord: /^(test\.(ping|version)|grains\.(get|items)|node|list|show)$/,
  },
  {
    risk: "delete-remote",
    says: "deletes a node, a client or data on a Chef server",
    programs: "knife",
    on: /^(\S+ )?(node|client|data bag|role|environment|cookbook|server|user) (bulk )?delete( |$)/,
  },
  {
    risk: "delete-data",
    says: "deletes a virtual machine with its disk",
    programs: "vagrant",
    on: "destroy, box remove, snapshot delete",
    unless: "--help",
  },
  {
    risk: "delete-data",
    says: "deletes a virtual machine or a container with its disk",
    programs: "multipass lxc incus limactl colima prlctl vboxmanage",
    on: /^(delete|purge|rm|unregistervm|closemedium|snapshot delete|storage volume delete|storage delete|image delete|factory-reset)( |$)/,
    unless: "--help",
  },
  {
    risk: "delete-data",
    says: "deletes a virtual machine or its storage",
    programs: "virsh",
    on: /^(undefine|vol-delete|vol-wipe|pool-delete|pool-destroy|snapshot-delete|net-destroy|net-undefine)( |$)/,
    unless: "--help",
  },
  {
    risk: "change-live",
    says: "switches a virtual machine off at once",
    programs: "virsh prlctl vboxmanage vagrant",
    on: /^(destroy|stop|halt|reset|controlvm \S+ (poweroff|reset))( |$)/,
    unless: "--help",
  },
  {
    risk: "delete-remote",
    says: "destroys the machines of a network",
    programs: "nixops",
    on: "destroy, delete",
    unless: "--help",
  },
];

/** What it only looks at, by the name of the module. */
const LOOKS =
  /^(ansible\.builtin\.)?(ping|setup|debug|stat|slurp|find|gather_facts|getent|service_facts|package_facts)$/;

/** Without a module it runs its argument as a command. */
function runsModule(call: Invocation): boolean {
  const module = optionsOf(call).values("-m", "--module-name")[0]?.text ?? "command";
  return !LOOKS.test(module) && optionsOf(call).operands.length > 0;
}
