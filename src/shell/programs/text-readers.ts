// Programs that take what they read from standard input as data: they neither run it nor open the files that it names.

/** Base names. A program that is missing here is taken for one that might do either. */
const TEXT_READERS = new Set(
  (
    "cat tee base64 base32 xxd od hexdump head tail sort uniq tr cut rev wc nl fold tac grep egrep fgrep rg jq yq column " +
    "gzip gunzip zcat bzip2 xz zstd md5sum sha1sum sha256sum sha512sum shasum cksum openssl gpg age sops " +
    "kubectl oc docker podman nerdctl helm gh glab hub aws gcloud az doctl fly flyctl vercel wrangler doppler heroku " +
    "netlify railway npm pnpm yarn curl wget http https xh psql mysql mariadb sqlite3 redis-cli mongosh " +
    "vault op pass ssh-add ssh-keygen ssh-copy-id chpasswd passwd cryptsetup wg nmcli security pbcopy xclip xsel wl-copy " +
    "less more install dd sponge git logger mail tar cpio patch diff cmp bc dc iconv"
  ).split(" "),
);

/** Of these, what they put out is what they read, or made of it. */
const PASS_ON = new Set(
  (
    "cat tee base64 base32 xxd head tail sort uniq tr cut rev nl fold tac grep egrep fgrep rg jq yq column gzip gunzip " +
    "zcat bzip2 xz zstd openssl gpg age sops iconv dd less more diff"
  ).split(" "),
);

/** Their operands are text that they put out. */
const TEXT_WRITERS = new Set(["echo", "printf", "print"]);

export function readsText(name: string): boolean {
  return TEXT_READERS.has(name);
}

export function passesOn(name: string): boolean {
  return PASS_ON.has(name);
}

export function writesText(name: string): boolean {
  return TEXT_WRITERS.has(name);
}

/** In their code a pattern may look like an address: `s://a:b@c:`. */
const PATTERNS = new Set(["awk", "gawk", "mawk", "perl"]);

export function writesPatterns(name: string): boolean {
  return PATTERNS.has(name);
}
