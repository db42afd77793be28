// Completion for fish. Asks nothing of the program: a key press starts no Node.
import { PROGRAM } from "../../domain/own-command.ts";
import { type CompletedForm, type CompletedOption, steps } from "./words.ts";

export function fishCompletion(forms: readonly CompletedForm[]): string {
  return `# fish completion for ${PROGRAM}. Use it with: ${PROGRAM} completion fish | source
function __approval_server_form
    set -l form ""
    set -l before ""
    for word in (commandline -opc)[2..-1]
        if test "$before" != --dir
            switch "$form $word"
                case ${steps(forms).map(fishQuoted).join(" ")}
                    set form (string trim -- "$form $word")
            end
        end
        set before $word
    end
    echo -- $form
end
complete -c ${PROGRAM} -e
complete -c ${PROGRAM} -f
${forms.flatMap(linesOf).join("\n")}
`;
}

function linesOf(form: CompletedForm): string[] {
  const at = `complete -c ${PROGRAM} -n ${fishQuoted(`test (__approval_server_form) = "${form.name}"`)}`;
  return [
    ...form.next.map(({ word, about }) => `${at} -a ${fishQuoted(word)} -d ${fishQuoted(about)}`),
    ...form.choices.map((word) => `${at} -a ${fishQuoted(word)}`),
    ...form.options.map((option) => `${at} ${optionText(option)} -d ${fishQuoted(option.about)}`),
    ...(form.takesFile ? [`${at} -F`] : []),
  ];
}

function optionText({ word, value }: CompletedOption): string {
  const long = `-l ${word.slice("--".length)}`;
  if (value === undefined) return long;
  if (value.kind === "choice") return `${long} -x -a ${fishQuoted(value.choices.join(" "))}`;
  if (value.kind === "free") return `${long} -x`;
  return value.kind === "file" ? `${long} -r -F` : `${long} -x -a '(__fish_complete_directories)'`;
}

/** Only these two end or escape a single-quoted word of fish. */
function fishQuoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
