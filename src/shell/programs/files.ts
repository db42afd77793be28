// Programs for files and folders, and for the text in them.
import type { Program } from "./program.ts";

const INSTALL_VALUED = "-t -m -o -g --target-directory";

export const FILES: readonly Program[] = [
  { names: "rm shred", operands: "deletes", wholeFolders: true },
  { names: "unlink", operands: "deletes" },
  {
    names: "mv",
    valued: "-t -S --target-directory --suffix",
    operands: "writes",
    writesTo: "-t --target-directory",
    wholeFolders: true,
  },
  { names: "chmod chown chgrp", operands: "writes", wholeFolders: true },
  { names: "tee truncate touch sponge patch mkdir", operands: "writes" },
  {
    names: "vim vi nvim nano ed ex red rvim view gvim vimdiff emacs",
    valued: "-c --cmd",
    operands: "writes",
  },
  { names: "split", valued: "-a -b -C -l -n -t --filter" },
  { names: "sort", valued: "-k -t -S -T -o --compress-program", writesTo: "-o --output" },
  {
    names: "cp ln",
    operands: "writes last",
    valued: INSTALL_VALUED,
    writesTo: "-t --target-directory",
    wholeFolders: true,
  },
  {
    names: "install",
    operands: "writes last",
    valued: INSTALL_VALUED,
    writesTo: "-t --target-directory",
  },
  { names: "ditto", operands: "writes last", wholeFolders: true },
  { names: "dd", writesTo: "of=" },
  { names: "btrfs", valued: "--format --log" },
  { names: "sed", inPlace: true, takesText: true, sparesKeys: true },
  { names: "gsed", inPlace: true, takesText: true },
  { names: "cat tac head tail base64 base32 xxd od hexdump gzip bzip2 xz strings nl gpg", gives: "file" },
  { names: "zip", valued: "-TT --unzip-command -b -n -x -i", gives: "file", wholeFolders: true },
  { names: "tar", valued: "-I -F -f -C -T -X", gives: "file", wholeFolders: true },
  { names: "unzip", valued: "-d -x -P", writesTo: "-d" },
  { names: "7z", wholeFolders: true },
  {
    names: "find",
    valued: "-fprint -fprint0 -fls -fprintf",
    actions: "-exec -execdir -ok -okdir",
    writesTo: "-fprint -fprint0 -fls -fprintf",
    gives: "names",
    runsElsewhere: true,
  },
  { names: "fd fdfind", actions: "-x -X --exec --exec-batch", gives: "names", runsElsewhere: true },
  { names: "ls stat test [ cd pushd file", sparesKeys: true },
  { names: "echo printf grep rg", takesText: true, sparesKeys: true },
  { names: "egrep fgrep ag jq export", takesText: true },
];
