// Dangers of where code is built: CircleCI, Jenkins and their relatives.
import type { Invocation } from "../../invocation.ts";
import type { Danger } from "./danger.ts";

const unless = "--help";

export const CI_DANGERS: readonly Danger[] = [
  {
    risk: "delete-remote",
    says: "deletes secrets, projects or runs of CircleCI",
    programs: "circleci",
    on: /^(context|contexts|project|orb|namespace|runner|env|policy) ?(remove-secret|delete|remove|unlist|token delete|instance delete|resource-class delete|secret delete)( |$)|^\S+ (\S+ )?(delete|remove)/,
    unless,
  },
  { risk: "publish", programs: "circleci", on: "orb publish, orb unlist-item" },
  {
    risk: "delete-remote",
    says: "deletes a job, a build or a node of Jenkins",
    programs: "jenkins-cli",
    on: /^(delete-|remove-|wipe-out)/,
  },
  {
    risk: "delete-remote",
    says: "deletes a job, a build or a node of Jenkins",
    programs: "java",
    word: /^(delete-(job|builds|node|view|credentials\S*)|remove-job\S*|wipe-out\S*)$/,
    when: isJenkins,
  },
  {
    risk: "change-live",
    says: "stops or restarts Jenkins, or its jobs",
    programs: "java jenkins-cli",
    word: /^(safe-restart|restart|shutdown|safe-shutdown|quiet-down|disable-job|offline-node|disconnect-node|stop-builds|clear-queue|reload-configuration)$/,
    when: isJenkins,
  },
  {
    risk: "run-remote",
    says: "runs code on a Jenkins server",
    programs: "java jenkins-cli",
    word: /^(groovy|groovysh)$/,
    when: isJenkins,
  },
  {
    risk: "delete-remote",
    says: "deletes something of a build service",
    programs: "gitlab-runner buildkite-agent bk drone travis tkn woodpecker-cli fly-cli",
    on: /^(\S+ )?(rm|delete|remove|destroy|destroy-pipeline|kill|unset|unregister)( |$)/,
    unless,
  },
];

function isJenkins({ name, args }: Invocation): boolean {
  return name === "jenkins-cli" || args.some(({ text }) => /(^|\/)jenkins-cli[\w.-]*\.jar$/.test(text));
}
