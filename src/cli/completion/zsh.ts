// Completion for zsh. Asks nothing of the program: a key press starts no Node.
import { PROGRAM } from "../../domain/own-command.ts";
import { type CompletedForm, type CompletedOption, quoted, steps } from "./words.ts";

export function zshCompletion(forms: readonly CompletedForm[]): string {
  const values = forms.flatMap(({ name, options }) =>
    options.flatMap((option) =>
      option.value === undefined
        ? []
        : [`    ${quoted(`${name}|${option.word}`)}) ${valueText(option.value)}; return ;;`],
    ),
  );
  const words = forms.map((form) => `    ${quoted(form.name)})\n${wordsOf(form)}\n      ;;`);
  return `#compdef ${PROGRAM}
# zsh completion for ${PROGRAM}. Use it with: source <(${PROGRAM} completion zsh)
_approval_server() {
  local form="" prev=$words[CURRENT-1] word i
  local -a next options
  if [[ $words[CURRENT] == --*=* ]]; then
    prev=\${words[CURRENT]%%=*}
    compset -P '*='
  fi
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    [[ $words[i-1] == --dir ]] && continue
    case "$form $word" in
    ${steps(forms).map(quoted).join("|")}) form="$form $word"; form="\${form# }" ;;
    esac
  done
  case "$form|$prev" in
${values.join("\n")}
  esac
  case "$form" in
${words.join("\n")}
  esac
  (( $#next )) && _describe -t commands 'command' next
  _describe -o -t options 'option' options
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _approval_server ${PROGRAM}
`;
}

function valueText({ kind, choices }: NonNullable<CompletedOption["value"]>): string {
  if (kind === "choice") return `compadd -- ${choices.map(quoted).join(" ")}`;
  if (kind === "free") return "_message 'value'";
  return kind === "file" ? "_files" : "_files -/";
}

function wordsOf({ next, options, choices, takesFile }: CompletedForm): string {
  const described = (each: { readonly word: string; readonly about: string }) =>
    quoted(`${each.word}:${each.about.replaceAll(":", "\\:")}`);
  const nextWords = [...next.map(described), ...choices.map(quoted)];
  return [
    `      next=(${nextWords.join(" ")})`,
    `      options=(${options.map(described).join(" ")})`,
    ...(takesFile ? ["      _files"] : []),
  ].join("\n");
}
