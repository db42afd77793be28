// Variables of the environment that matter whatever program they are given to.

/** Their value is run by a shell. */
export const COMMAND_VARIABLES: readonly string[] = [
  "GIT_SSH_COMMAND",
  "GIT_EXTERNAL_DIFF",
  "GIT_PROXY_COMMAND",
  "LESSOPEN",
  "PROMPT_COMMAND",
];

/** With such a value, nobody checks who answers. */
export const UNCHECKED_TLS: ReadonlySet<string> = new Set([
  "NODE_TLS_REJECT_UNAUTHORIZED=0",
  "PYTHONHTTPSVERIFY=0",
  "GIT_SSL_NO_VERIFY=1",
  "GIT_SSL_NO_VERIFY=true",
]);
