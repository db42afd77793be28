// What to notice about a PowerShell command. It is not parsed: known words are looked for, whatever their case. That finds
// what is written plainly and nothing that is put together or encoded, so that the person is told so with every command.
import { riskText } from "../shell/risk.ts";

interface PowerShellDanger {
  readonly words: RegExp;
  /** In the person's words. */
  readonly says: string;
}

export const POWERSHELL_IS_HARDLY_CHECKED = "PowerShell: only some known words are looked for";

/** Where a command begins: `git rm` and `npm start` are others. */
const BEGINS = "(?:^|[\\n;|&({=])\\s*";
const ENDS = "(?![\\w-])";
const DELETES = `(?:remove-item|${BEGINS}(?:ri|rm|rmdir|rd|del|erase))${ENDS}`;

/** In the order in which they are shown. Aliases are those of Windows PowerShell and of PowerShell 7. */
const DANGERS: readonly PowerShellDanger[] = [
  {
    words: /(?<![\w-])-(e|ec|en|enc|enco|encod|encode|encoded\w*)\s+[A-Za-z0-9+/=]{8,}|frombase64string/,
    says: "runs or reads code that is encoded",
  },
  {
    words:
      /(?<![\w-])(format-volume|clear-disk|initialize-disk|remove-partition|diskpart|format(\.com)?\s+\w:)(?![\w-])/,
    says: "formats a disk or deletes what is on it",
  },
  {
    words: new RegExp(`${DELETES}[^;|\\n]*\\s[-/](r(e(c\\w*)?)?|s)${ENDS}`),
    says: "deletes recursively",
  },
  {
    words: new RegExp(`${DELETES}|(?:clear-content|clear-recyclebin|remove-\\w+)${ENDS}|${BEGINS}clc${ENDS}`),
    says: "deletes",
  },
  {
    words: /(?<![\w-])sdelete|cipher\s+\/w|vssadmin\s+delete|wbadmin\s+delete|bcdedit/,
    says: "makes a recovery impossible",
  },
  {
    words:
      /(iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring|downloaddata|curl|wget)(?![\w-])[^\n]*(\||;|&)\s*(iex|invoke-expression)|(iex|invoke-expression)(?![\w-])[^\n]*(iwr|irm|invoke-webrequest|invoke-restmethod|webclient|downloadstring|curl|wget|https?:)/,
    says: "runs what it downloads",
  },
  {
    words:
      /(?<![\w-])(iex|invoke-expression|invoke-command|icm|add-type|start-job|\[scriptblock\]::create|invokescript)(?![\w-])|reflection\.assembly/,
    says: "runs code given as text",
  },
  {
    words:
      /(?<![\w-])(-infile|uploadfile|uploadstring|uploaddata|send-mailmessage|start-bitstransfer[^\n]*-transfertype\s+upload)(?![\w-])|-method\s+['"]?(post|put|patch)|(?<![\w-])-body(?![\w-])/,
    says: "sends something out",
  },
  {
    words: /downloadfile|-outfile|start-bitstransfer|certutil[^\n]*-urlcache|bitsadmin/,
    says: "downloads a file",
  },
  { words: /-verb\s+['"]?runas|(?<![\w-])(runas|sudo|gsudo)(?![\w-])/, says: "runs as an administrator" },
  {
    words:
      /set-executionpolicy|-(ep|ex\w*)\s+['"]?(bypass|unrestricted)|set-mppreference|add-mppreference|disable-\w*(firewall|defender|uac)\w*|set-netfirewall\w+|netsh\s+(adv)?firewall|amsi|enablelua/,
    says: "switches a protection off",
  },
  {
    words:
      /(?<![\w-])(new-service|set-service|stop-service|remove-service|spsv|sasv|start-service|sc(\.exe)?\s+(create|config|delete|stop)|register-scheduledtask|new-scheduledtask|schtasks|register-scheduledjob|set-wmiinstance|register-wmievent|new-itemproperty|set-itemproperty)(?![\w-])/,
    says: "changes services, scheduled jobs or the registry",
  },
  {
    words: /(?<![\w-])reg(\.exe)?\s+(delete|add|import|restore|load)|hk(lm|cu|cr):|registry::/,
    says: "changes or reads the registry",
  },
  {
    words:
      /(?<![\w-])(net1?(\.exe)?\s+(user|localgroup|group|accounts|share)|(new|set|remove|add|disable|enable)-(local(user|group|groupmember)|ad\w+))(?![\w-])/,
    says: "changes users or groups",
  },
  {
    words:
      /get-credential|convertfrom-securestring|convertto-securestring|mimikatz|lsass|sekurlsa|cmdkey|\.ssh|\.aws|ntds\.dit/,
    says: "touches passwords or keys",
  },
  { words: /\$profile|startup\\|currentversion\\run/, says: "changes what runs at the next start" },
  {
    words: /(?<![\w-])(stop-computer|restart-computer|shutdown|logoff)(?![\w-])/,
    says: "shuts down or restarts the machine",
  },
  {
    words: new RegExp(`stop-process${ENDS}|${BEGINS}(?:spps|kill|taskkill|tskill)${ENDS}`),
    says: "kills processes",
  },
  { words: /(?<![\w-])(icacls|takeown|set-acl|cacls)(?![\w-])/, says: "changes permissions" },
  {
    words:
      /git\s[^\n;|]*(reset\s+--hard|clean\s+-\w*f|push\s[^\n;|]*(--force|-f)(?![\w-])|checkout\s+--|stash\s+(drop|clear)|branch\s+-d)/,
    says: "rewrites git history or discards work",
  },
  {
    words: new RegExp(`start-process${ENDS}|${BEGINS}(?:saps|start)${ENDS}`),
    says: "starts a process of its own",
  },
  {
    words: /(?<![\w-])(new-pssession|enter-pssession|etsn|nsn|-computername|-cimsession)(?![\w-])/,
    says: "works on another machine",
  },
  {
    words:
      /(?<![\w-])(bash|sh|wsl|cmd|python\d?|node|perl|ruby|pwsh|powershell)(\.exe)?\s+[-/]\w*(c|e|command|eval)(?![\w-])/,
    says: "runs code of another shell or language",
  },
];

/** UTF-16 units that are looked through: the time that a hostile text takes grows with its square. */
const MAX_LENGTH = 8_000;

/** What was found, and that little was looked for. */
export function powershellWarnings(command: string): string[] {
  // A backtick takes the meaning of what follows it and is otherwise nothing: Rem`ove-Item. Carets are cmd's.
  const plain = command
    .slice(0, MAX_LENGTH)
    .replaceAll(/[`^](?!\n)/g, "")
    .replaceAll(/`\r?\n/g, " ")
    .toLowerCase();
  // A quoted name of a command is called with `&`.
  const unquoted = plain.replaceAll(/['"]/g, "");
  const found = DANGERS.filter(({ words }) => words.test(plain) || words.test(unquoted));
  const isRecursive = found.some(({ says }) => says === "deletes recursively");
  return [
    ...found.flatMap(({ says }) => (isRecursive && says === "deletes" ? [] : [says])),
    ...(command.length > MAX_LENGTH ? [riskText("not-fully-checked")] : []),
    POWERSHELL_IS_HARDLY_CHECKED,
  ];
}
