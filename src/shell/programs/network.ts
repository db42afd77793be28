// Programs that reach other machines.
import type { Program } from "./program.ts";

export const NETWORK: readonly Program[] = [
  {
    names: "curl curlie",
    // The common ones; one that is missing only makes its value an operand.
    valued:
      "-d -F -T -H -X -o -u -A -e -b -c -x -w -m -K -E -C -r -U -Y -y -z -t -Q -P --data --data-binary --data-ascii --data-raw --data-urlencode --json --form --form-string --upload-file --header --request --output --user --user-agent --referer --cookie --cookie-jar --proxy --write-out --max-time --config --url --connect-timeout --retry --cacert --cert --key --resolve",
    gives: "download",
    writesTo: "-o --output",
  },
  {
    names: "wget wget2",
    valued: "-O -o --output-document --output-file",
    gives: "download",
    writesTo: "-O --output-document",
    savesByUrl: true,
  },
  {
    names: "fetch aria2c axel http https xh lynx w3m ftp tftp",
    valued: "-o --output -H",
    gives: "download",
    writesTo: "-o --output",
  },
  {
    names: "ssh",
    // All of them, from its manual page.
    valued: "-B -b -c -D -E -e -F -I -i -J -L -l -m -O -o -P -p -R -S -W -w",
    stops: true,
    runsElsewhere: true,
    sparesKeys: true,
    takesPorts: true,
  },
  { names: "mosh", valued: "-p --port --ssh --predict --family", runsElsewhere: true },
  {
    names: "autossh",
    valued: "-M -B -b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w",
    runsElsewhere: true,
  },
  { names: "rsh remsh", valued: "-l", runsElsewhere: true },
  { names: "plink", valued: "-P -l -pw -i -L -R -D -m -load", runsElsewhere: true },
  {
    names: "scp",
    valued: "-c -D -F -i -J -l -o -P -S -X",
    operands: "writes last",
    wholeFolders: true,
    sparesKeys: true,
  },
  {
    names: "rsync",
    valued: "-e -f --rsh --exclude --include",
    operands: "writes last",
    wholeFolders: true,
  },
  { names: "rclone", valued: "--exclude --include" },
  { names: "sftp ssh-add", sparesKeys: true },
  { names: "ssh-keygen", valued: "-f -t -b -C -N -F" },
  {
    names: "nc ncat netcat nc.traditional nc.openbsd",
    valued: "-e -c -g -G -i -I -m -M -O -p -P -q -s -T -V -w -W -X -x --exec --sh-exec --lua-exec",
    gives: "peer",
    takesPorts: true,
  },
  { names: "telnet socat cryptcat ztcp", gives: "peer", takesPorts: true },
  { names: "openssl", gives: "peer", givesOn: "s_client" },
  { names: "nmap ngrok cloudflared lt", takesPorts: true },
];
