// Variables of the environment that matter whatever program they are given to.

/** Their value is run by a shell. */
export const COMMAND_VARIABLES: readonly string[] = [
  ..."GIT_SSH_COMMAND GIT_SSH GIT_EXTERNAL_DIFF GIT_PROXY_COMMAND GIT_EDITOR GIT_SEQUENCE_EDITOR".split(" "),
  ..."GIT_PAGER GIT_ASKPASS SSH_ASKPASS SUDO_ASKPASS LESSOPEN LESSCLOSE PROMPT_COMMAND".split(" "),
  ..."PAGER MANPAGER SYSTEMD_PAGER BAT_PAGER GH_PAGER AWS_PAGER PSQL_PAGER DELTA_PAGER".split(" "),
  ..."EDITOR VISUAL FCEDIT SUDO_EDITOR KUBE_EDITOR GH_EDITOR SVN_EDITOR SYSTEMD_EDITOR PSQL_EDITOR".split(
    " ",
  ),
  ..."BROWSER GH_BROWSER RSYNC_RSH CVS_RSH SVN_SSH RSYNC_CONNECT_PROG TAR_RSH".split(" "),
];

/** What people ordinarily set such variables and settings to: programs that only show, edit, pack, or do nothing. */
export const ORDINARY_PROGRAM =
  /^\s*(|true|false|:|0|1|none|ssh|cat|less|more|most|delta|bat|vi|vim|nvim|nano|emacs|emacsclient|micro|hx|code|code-insiders|cursor|subl|gvim|ed|gpg2?|pigz|gzip|bzip2|pbzip2|lbzip2|xz|pixz|zstd|zstdmt|lz4|lzip|lzop|brotli|git-upload-pack|git-receive-pack|diff|colordiff|diff-so-fancy|meld|opendiff|firefox|xdg-open|open)(\s+-[\w=.,-]+)*\s*$/;

/** Variables that make programs load code. */
export const LOADING_VARIABLES: readonly { readonly name: RegExp; readonly value?: RegExp }[] = [
  { name: /^(LD_PRELOAD|LD_AUDIT|DYLD_(INSERT|FORCE)\w+)$/, value: /./ },
  {
    name: /^(LD|DYLD)(_FALLBACK)?_(LIBRARY|FRAMEWORK)_PATH$/,
    value: /(^|:)(\.|\/(var\/)?tmp\b|\/dev\/shm\b|:|$)/,
  },
  { name: /^(BASH_ENV|ENV|ZDOTDIR|PYTHONSTARTUP|PYTHONINSPECT|PERL5DB|PERL5LIB|RUBYLIB)$/, value: /[/.$]/ },
  { name: /^(PERL5OPT|RUBYOPT)$/, value: /-[a-zA-Z]*[MmrIe]/ },
  {
    name: /^NODE_OPTIONS$/,
    value: /(^|\s)(-r|--require|--import|--loader|--experimental-loader|-e|--eval)\b/,
  },
  {
    name: /^(JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|MAVEN_OPTS)$/,
    value: /-(javaagent|agentlib|agentpath)/,
  },
  {
    name: /^(GIT_EXEC_PATH|GIT_TEMPLATE_DIR|GIT_CONFIG_GLOBAL|GIT_CONFIG_SYSTEM)$/,
    value: /^(?!\/dev\/null$)./,
  },
  { name: /^(GCONV_PATH|GTK_MODULES|GTK_PATH|QT_PLUGIN_PATH|OPENSSL_CONF|OPENSSL_ENGINES)$/, value: /./ },
  {
    name: /^PATH$/,
    value: /(^|:)(\.{1,2}(\/(?!node_modules)[^:]*)?|\/(var\/)?tmp\b[^:]*|\/dev\/shm\b[^:]*)(:|$)/,
  },
  { name: /^(SHELL|CONFIG_SHELL|MAKESHELL)$/, value: /^(?!\/(usr\/)?(local\/)?bin\/(ba|z|da|k|fi)?sh$)./ },
  { name: /^MAKEFLAGS$/, value: /--eval/ },
  { name: /^(PS4|PS1|PS0)$/, value: /\$\(|`/ },
];

/** With such a value, the shell keeps no record of what is run. */
export const NO_HISTORY = /^HIST(FILE=(\/dev\/null)?|(FILE)?SIZE=0|CONTROL=ignoreboth:\*)$/;

/** With such a value, nobody checks who answers. */
export const UNCHECKED_TLS: ReadonlySet<string> = new Set([
  "NODE_TLS_REJECT_UNAUTHORIZED=0",
  "PYTHONHTTPSVERIFY=0",
  "GIT_SSL_NO_VERIFY=1",
  "GIT_SSL_NO_VERIFY=true",
]);
