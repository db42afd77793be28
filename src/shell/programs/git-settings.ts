// Settings of git whose value is a command.

/** Settings whose value a shell runs, in lower case; `*` is any name. */
export const RUN_SETTINGS: readonly string[] = [
  ..."core.sshcommand core.pager core.editor core.fsmonitor core.gitproxy core.askpass".split(" "),
  ..."pager.* sequence.editor diff.external diff.*.command diff.*.textconv".split(" "),
  ..."difftool.*.cmd mergetool.*.cmd merge.*.driver filter.*.clean filter.*.smudge filter.*.process".split(
    " ",
  ),
  ..."gpg.program gpg.*.program uploadpack.packobjectshook interactive.difffilter".split(" "),
  ..."remote.*.uploadpack remote.*.receivepack sendemail.sendmailcmd browser.*.cmd man.*.cmd".split(" "),
  ..."trailer.*.command trailer.*.cmd gui.*.cmd guitool.*.cmd instaweb.httpd tar.*.command".split(" "),
];

/** Settings whose value a shell runs where a `!` stands in front of it. */
export const BANG_SETTINGS: readonly string[] = [
  ..."alias.* credential.helper credential.*.helper submodule.*.update".split(" "),
];
