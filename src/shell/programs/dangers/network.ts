// Dangers of what leaves the machine.
import { type Invocation, operandTexts, optionsOf } from "../../invocation.ts";
import type { Danger } from "./danger.ts";

const SENDS = { risk: "send-file" } as const;

export const NETWORK_DANGERS: readonly Danger[] = [
  { ...SENDS, programs: "curl curlie", options: "-T --upload-file" },
  { ...SENDS, programs: "curl curlie", when: curlSends },
  { ...SENDS, programs: "wget wget2", word: /^--(post|body)-file/ },
  { ...SENDS, programs: "curl curlie wget wget2 dig nslookup host ping", when: sendsOutput },
  { ...SENDS, programs: "http https xh", when: httpieSends },
  { ...SENDS, programs: "scp rsync rclone", when: lastIsRemote },
  { ...SENDS, programs: "sftp ftp lftp tftp" },
  { ...SENDS, programs: "openssl", on: "s_client", when: hasInput },
  {
    ...SENDS,
    programs: "nc ncat netcat telnet socat ssh http https xh mail mailx sendmail mutt",
    when: hasInput,
  },
  { ...SENDS, programs: "az", on: "storage blob upload, storage blob copy" },
  { ...SENDS, programs: "aws gsutil gcloud s3cmd s5cmd mc az", when: lastIsBucket },
  { ...SENDS, programs: "gh", on: /^(gist create|release upload)/ },
];

/** Which values name a file is told by a sign inside them, another one for each option. */
function curlSends(call: Invocation): boolean {
  const { values } = optionsOf(call);
  const data = values("-d", "--data", "--data-binary", "--data-ascii", "--json");
  return (
    data.some(({ text }) => text.startsWith("@")) ||
    values("--data-urlencode").some(({ text }) => /^[^=]*@/.test(text)) ||
    values("-F", "--form").some(({ text }) => /=[@<]/.test(text))
  );
}

/** `name@file`, but not the `user@host` of an address: two patterns for one word. */
function httpieSends(call: Invocation): boolean {
  return operandTexts(call).some((text) => /^[\w-]+:?=?@./.test(text) && !text.includes("://"));
}

/** A file's content or the environment put into an argument, which its text does not show: `curl "https://x/?$(cat key)"`. */
function sendsOutput(call: Invocation): boolean {
  return call.args.some(({ flow }) => flow.file);
}

/** What it reads does not stand among its words. */
function hasInput({ input, name }: Invocation): boolean {
  if (input === undefined || input.text === "") return false;
  // A here-document is on the command line for all to read; ssh runs it, and that is looked into elsewhere.
  return !(name === "ssh" && input.text !== undefined);
}

/** Only the last of several operands is where the files go. */
function lastIsRemote(call: Invocation): boolean {
  const operands = operandTexts(call);
  if (operands.length < 2) return false;
  return /^(\w+:\/\/|(?!\.|\/)[^/\s]*:)/.test(operands.at(-1) ?? "");
}

/** `aws s3 cp FROM TO`, whatever options stand around; TO is what counts. */
function lastIsBucket(call: Invocation): boolean {
  const words = call.args.map(({ text }) => text).filter((text) => !/^-./.test(text));
  const verb = words.findIndex((word) => /^(cp|sync|mv|put|mirror|rsync|pipe)$/.test(word));
  return verb >= 0 && words.slice(verb + 2).some((word) => /^(s3|gs|gcs|b2|az):\/\//.test(word));
}
