// Dangers that let somebody else in: shells that another machine commands, and ways into this machine from outside.
import { type Invocation, optionsOf } from "../../invocation.ts";
import { isShell } from "../programs.ts";
import type { Danger } from "./danger.ts";

const SHELL = { risk: "remote-shell" } as const;
const TUNNEL = { risk: "open-tunnel" } as const;

const NETCATS = "nc ncat netcat nc.traditional nc.openbsd cryptcat";

export const REMOTE_SHELL_DANGERS: readonly Danger[] = [
  { ...SHELL, programs: NETCATS, options: "-e -c --exec --sh-exec --lua-exec" },
  { ...SHELL, programs: "socat", word: /\b(exec|system|shell|pty)\b[:,]/i },
  {
    ...SHELL,
    programs: `${NETCATS} socat telnet openssl curl wget ssh ztcp`,
    when: ({ input }) => input?.flow.shell === true,
  },
  { ...SHELL, programs: "xterm urxvt rxvt konsole", word: /^(-display|--display=?)$|^-display=/ },
  { ...SHELL, programs: "awk gawk mawk nawk", word: /\/inet\d?\/(tcp|udp)\// },
  {
    ...SHELL,
    programs:
      "ttyd gotty tmate upterm sshx wetty shellinabox shellinaboxd teleconsole evil-winrm weevely sbd rcat rustcat pwncat pwncat-cs powercat dbd gs-netcat gsocket",
  },
  {
    ...SHELL,
    says: "builds or takes remote shells",
    programs: "msfvenom msfconsole msfcli sliver sliver-client empire villain meterpreter",
  },
  {
    ...SHELL,
    says: "starts a server that lets others log in",
    programs: "sshd dropbear telnetd in.telnetd rshd vncserver x11vnc",
  },
  {
    ...SHELL,
    says: "opens a connection over which a remote machine can get a shell on this one",
    programs: "zmodload",
    word: /^zsh\/net\/tcp$/,
  },
  { ...TUNNEL, programs: "ssh autossh", options: "-R" },
  { ...TUNNEL, programs: "ssh autossh", word: /^-oRemoteForward|^RemoteForward[= ]/i },
  {
    ...TUNNEL,
    programs: "ngrok",
    notOn: /^(config|version|help|update|completion|credits|diagnose|api)?( |$)/,
  },
  {
    ...TUNNEL,
    programs: "cloudflared",
    on: "tunnel, access",
    notOn: /^tunnel (list|info|login|create|delete|route|cleanup|token|ingress|vnet)\b/,
    unless: "--version --help",
  },
  {
    ...TUNNEL,
    programs:
      "chisel frpc frps bore lt localtunnel pagekite serveo zrok rathole gost ligolo ligolo-ng iodine dnscat dnscat2 pinggy revsocks rpivot inlets",
    unless: "--version --help",
  },
  { ...TUNNEL, programs: "tailscale", on: "funnel, serve" },
  { ...TUNNEL, programs: "code code-insiders code-server devtunnel", on: "tunnel, host" },
  {
    ...TUNNEL,
    programs: "code-server jupyter",
    word: /^--(ip|host|bind-addr|ServerApp\.ip|NotebookApp\.ip)=?(0\.0\.0\.0|\*|::)/,
  },
  {
    ...TUNNEL,
    programs: "socat",
    word: /^(tcp[46]?|udp[46]?|openssl)-l(isten)?:(?!.*bind=(127\.|localhost))/i,
  },
];

const TCP = /^\/dev\/(tcp|udp)\//;

/** What a redirection to bash's `/dev/tcp/host/port` means, with each kind of command in front of it. */
export function tcpDangers(call: Invocation, isGroup: boolean) {
  const targets = call.redirections.filter(({ target }) => TCP.test(target.text));
  if (targets.length === 0) return [];
  if (isShell(call.name) || isGroup) return [SHELL];
  const reads = targets.some(({ writes }) => !writes);
  if (/^(exec|)$/.test(call.name) && !reads) {
    return [{ ...SHELL, says: "opens a connection over which a remote machine can get a shell on this one" }];
  }
  const sends = call.input?.flow.file === true || call.args.some(({ flow }) => flow.file) || readsFiles(call);
  if (sends) return [{ risk: "send-file" } as const];
  return [{ risk: "send-file", says: "talks to another machine through /dev/tcp" } as const];
}

function readsFiles(call: Invocation): boolean {
  return call.name === "cat" && optionsOf(call).operands.length > 0;
}

/** What connects, and what starts a shell: a remote shell in any language is made of both. */
const CONNECTS =
  /\bsocket\b|inet_aton|(TCP|UDP)Socket|p?fsockopen|stream_socket|\bnet\.(Socket|connect|createConnection|createServer|Dial|Listen)|Deno\.connect|Bun\.connect|Tcp(Stream|Listener)|TCPClient|TCPListener|Net\.Sockets|\/inet\d?\/(tcp|udp)|\/dev\/(tcp|udp)\/|gen_tcp|Network\.Socket|require\(.net.\)|java\.net/i;
const STARTS =
  /\/bin\/(ba|z|da|k|c)?sh\b|cmd(\.exe)?\b.{0,80}(exec|spawn|start)|powershell|\bdup2\b|pty\.(spawn|fork)|subprocess|popen|\bexec[lv]?[pe]{0,2}\s*[({]|exec\s+["$'{]|exec(Sync|File)|spawn(Sync)?\s*\(|\bsystem\s*[("'$]|os\.execute|passthru|proc_open|shell_exec|Command::new|exec\.Command|getRuntime|ProcessBuilder|Invoke-Expression|\biex\b|["'](ba)?sh["']|\b(ba|z|da|k)?sh\s+-\w*i/i;

/** Whether a program's text is one that can give a remote machine a shell. */
export function isRemoteShellCode(text: string): boolean {
  return CONNECTS.test(text) && STARTS.test(text);
}
