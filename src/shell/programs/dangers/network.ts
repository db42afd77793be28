// Dangers of what leaves the machine.
import { type Invocation, operandTexts, optionsOf } from "../../invocation.ts";
import type { ShellWord } from "../../shell-word.ts";
import type { Danger } from "./danger.ts";

const SENDS = { risk: "send-file" } as const;

export const NETWORK_DANGERS: readonly Danger[] = [
  { ...SENDS, programs: "curl curlie", options: "-T --upload-file" },
  { ...SENDS, programs: "curl curlie", when: curlSends },
  { ...SENDS, programs: "wget wget2", word: /^--(post|body)-file/ },
  {
    ...SENDS,
    programs: "curl curlie wget wget2 dig nslookup host ping drill whois getent",
    when: sendsOutput,
  },
  {
    ...SENDS,
    programs: "dig nslookup host ping drill whois",
    says: "sends data out in the names that it looks up",
    when: asksPerLine,
  },
  { ...SENDS, programs: "http https xh", when: httpieSends },
  { ...SENDS, programs: "scp rsync", when: lastIsRemote },
  {
    ...SENDS,
    programs: "rclone",
    on: /^(copy|copyto|move|moveto|sync|bisync|rcat|copyurl|mount|serve)\b/,
    when: lastIsRemote,
    unless: "-n --dry-run",
  },
  { ...SENDS, programs: "rclone", on: "rcat, serve, link" },
  { ...SENDS, programs: "sftp ftp lftp tftp smbclient ncftpput wput bbcp" },
  { ...SENDS, programs: "openssl", on: "s_client", when: hasInput },
  { ...SENDS, programs: "socat", word: /^-u$/ },
  { ...SENDS, programs: "socat", word: /^(file|open|gopen|pipe|create):/i },
  {
    ...SENDS,
    programs:
      "nc ncat netcat nc.traditional nc.openbsd telnet socat ssh http https xh mail mailx s-nail sendmail msmtp mutt swaks",
    when: hasInput,
  },
  { ...SENDS, programs: "mail mailx s-nail mutt swaks", word: /^(-a|-A|--attach.*|@.+)$/ },
  { ...SENDS, programs: "az", on: "storage blob upload, storage blob copy" },
  {
    ...SENDS,
    programs: "aws gsutil gcloud s3cmd s5cmd mc az",
    unless: "--dryrun --dry-run",
    when: lastIsBucket,
  },
  { ...SENDS, programs: "gh", on: /^(gist create|release upload)/ },
  { ...SENDS, programs: "gh", on: "api", word: /^(-[fF]|--(raw-)?field=)?[\w[\].-]+=@|^--input(=|$)/ },
  { ...SENDS, programs: "glab", on: /^(snippet create|release upload)/ },
  { ...SENDS, programs: "croc wormhole magic-wormhole ffsend portal", on: "send, upload, up" },
  {
    ...SENDS,
    programs:
      "transfer transfersh pastebinit wgetpaste pastebin termbin ix sprunge gdrive telegram-send slackcat",
  },
  {
    ...SENDS,
    programs: "git",
    says: "sends patches by mail",
    on: "send-email, imap-send",
    unless: "-n --dry-run",
  },
  { ...SENDS, programs: "b2", on: "upload-file, upload_file, file upload, sync" },
  { ...SENDS, programs: "ipfs", on: "add, pin" },
  { ...SENDS, programs: "logger", options: "-n --server" },
];

/** Which values name a file is told by a sign inside them, another one for each option. */
function curlSends(call: Invocation): boolean {
  const { values } = optionsOf(call);
  const data = values(
    "-d",
    "--data",
    "--data-binary",
    "--data-ascii",
    "--json",
    "-H",
    "--header",
    "--url-query",
  );
  return (
    data.some(({ text }) => text.startsWith("@")) ||
    values("--data-urlencode", "--variable", "--expand-variable").some(({ text }) => /^[^=]*@/.test(text)) ||
    values("-F", "--form").some(({ text }) => /=["']?[@<]/.test(text))
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

/** A name that is made anew for each line of a file, `while read line; do dig $line.example.com; done < file`. */
function asksPerLine(call: Invocation): boolean {
  if (!call.input?.flow.file) return false;
  const isMade = ({ pieces }: ShellWord) =>
    pieces.some(({ kind }, at) => kind === "expansion" && /^\.[\w-]*[a-z]/i.test(pieces[at + 1]?.text ?? ""));
  return call.args.some(isMade);
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
