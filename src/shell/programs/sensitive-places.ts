// Files that matter by their name alone: what holds secrets, what runs or allows something later without being asked
// about, what belongs to the system. One table for who refuses them (protected-file.ts) and for who warns of them.

/** In any folder, behind its last `/`: secrets. Lower case. */
const SECRETS = String.raw`\.env[^/]*|\.envrc|\.netrc|\.npmrc|\.pypirc|\.yarnrc[^/]*|\.git-credentials|\.pgpass|\.my\.cnf|\.vault-token|id_(rsa|dsa|ecdsa|ed25519)[^/]*|[^/=@:]*\.(pem|key|p12|pfx|kdbx|keystore)`;
/** What runs, or allows something, later. */
const LATER = String.raw`\.gitconfig|\.mcp\.json|\.claude\.json|\.(bash|zsh|k?sh|tcsh|csh|inputrc)[^/]*|\.(bash_)?(profile|login|logout|aliases)|\.z(profile|login|logout)|authorized_keys2?`;

/** A path that nobody should change or read unasked, by the name at its end. Lower case, absolute. */
export const SENSITIVE_NAME = new RegExp(`/(${SECRETS.replace("/=@:", "/")}|${LATER})$`);

/** Folders whose files are all so. */
export const SENSITIVE_FOLDER =
  /\/(\.ssh|\.claude|\.git|\.husky|\.gnupg|\.aws|\.azure|\.kube|\.docker|\.vscode|\.idea|\.config\/(fish|git|gh|gcloud|systemd|autostart)|launchagents|launchdaemons)(\/|$)/;

/** The system's own. Lower case, absolute. */
export const SYSTEM_FOLDER =
  /^\/(private\/)?(etc|dev|proc|sys|boot|bin|sbin|lib|lib64|usr|root|var\/(spool|run|lib|root)|system|library)\//;

/** A word of a command that names a file with secrets; not a public key, and not a sample. Lower case. */
export const SECRET_FILE = new RegExp(
  `(^|[/=@:])((${SECRETS})(?<!\\.(pub|example|sample|template|dist|schema|defaults|ts|js|mjs|md)(\\.\\w+)?)|(\\.claude\\.json|\\.aws/credentials|\\.kube/config|\\.docker/config\\.json|\\.config/(gh|gcloud)/.*|\\.gnupg/.*|\\.ssh/(?!config$|known_hosts|.*\\.pub$).*|etc/(shadow|gshadow|sudoers)|proc/self/environ))$`,
);

/** Of those, what is nothing but a secret: nobody reads it to see how a project is set up. Lower case. */
export const LOGIN_FILE =
  /(^|[/=@:])(\.netrc|\.git-credentials|\.claude\/\.credentials\.json|(\.(codex|cursor|grok)|\$\{?codex_home\}?)\/auth\.json|(\.gemini|\.qwen)\/oauth_creds\.json|opencode\/auth\.json|\.copilot\/config\.json|\.cargo\/credentials(\.toml)?|\.terraform\.d\/credentials\.tfrc\.json|\.pgpass|\.my\.cnf|\.vault-token|\.pypirc|\.aws\/credentials|\.kube\/config|\.docker\/config\.json|\.config\/gh\/hosts\.yml|\.config\/gcloud\/.*\.(json|db)|\.gnupg\/.*|\.password-store\/.*|login\.keychain(-db)?|etc\/g?shadow|proc\/(self|\d+)\/environ|[^/=@:]*\.(kdbx|keystore|p12|pfx))$/;
