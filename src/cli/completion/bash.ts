// Completion for bash, 3.2 of macOS included. Asks nothing of the program: a key press starts no Node.
import { PROGRAM } from "../../domain/own-command.ts";
import { type CompletedForm, type CompletedOption, quoted, steps } from "./words.ts";

export function bashCompletion(forms: readonly CompletedForm[]): string {
  const values = forms.flatMap(({ name, options }) =>
    options.flatMap((option) =>
      option.value === undefined
        ? []
        : [`    ${quoted(`${name}|${option.word}`)}) ${valueText(option.value)} ;;`],
    ),
  );
  const words = forms.map((form) => `    ${quoted(form.name)}) ${wordsOf(form)} ;;`);
  return `# bash completion for ${PROGRAM}. Use it with: source <(${PROGRAM} completion bash)
_approval_server() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} form="" words="" files="" word i
  # bash takes --option=value apart at its sign.
  if [[ $cur == "=" ]]; then cur=""; elif [[ $prev == "=" ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    [[ \${COMP_WORDS[i-1]} == --dir || \${COMP_WORDS[i-1]} == "=" ]] && continue
    case "$form $word" in
    ${steps(forms).map(quoted).join("|")}) form="$form $word"; form="\${form# }" ;;
    esac
  done
  COMPREPLY=()
  case "$form|$prev" in
${values.join("\n")}
  esac
  case "$form" in
${words.join("\n")}
  esac
  [[ $files ]] && { compopt -o filenames 2>/dev/null; _approval_server_paths -f; }
  [[ $cur == -* || -z $files ]] && COMPREPLY+=($(compgen -W "$words" -- "$cur"))
}
_approval_server_paths() {
  local IFS=$'\\n'
  COMPREPLY+=($(compgen "$1" -- "$cur"))
}
complete -F _approval_server ${PROGRAM}
`;
}

function valueText({ kind, choices }: NonNullable<CompletedOption["value"]>): string {
  if (kind === "choice") return `COMPREPLY=($(compgen -W ${quoted(choices.join(" "))} -- "$cur")); return`;
  if (kind === "free") return "return";
  return `compopt -o filenames 2>/dev/null; _approval_server_paths ${kind === "file" ? "-f" : "-d"}; return`;
}

function wordsOf({ next, options, choices, takesFile }: CompletedForm): string {
  const words = [...next.map(({ word }) => word), ...choices, ...options.map(({ word }) => word)];
  return `words=${quoted(words.join(" "))}${takesFile ? "; files=1" : ""}`;
}
