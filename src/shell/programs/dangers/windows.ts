// Dangers of Windows' own programs and cmdlets, which shells there take as well.
import type { Danger } from "./danger.ts";

export const WINDOWS_DANGERS: readonly Danger[] = [
  { risk: "delete-recursive", programs: "remove-item ri", word: /^-r(ec\w*)?$/i },
  { risk: "delete-recursive", programs: "rd rmdir del erase", word: /^\/s$/i },
  { risk: "lose-files", programs: "clear-content clear-recyclebin" },
  {
    risk: "lose-files",
    says: "deletes the shadow copies of a disk",
    programs: "vssadmin wbadmin",
    on: "delete",
  },
  {
    risk: "write-device",
    programs: "format format-volume clear-disk initialize-disk remove-partition diskpart",
  },
  { risk: "weaken-protection", programs: "set-executionpolicy set-mppreference add-mppreference netsh" },
  { risk: "power-off", programs: "stop-computer restart-computer" },
  { risk: "kill-processes", programs: "stop-process tskill" },
  { risk: "change-services", programs: "schtasks", word: /^\/(create|delete|change|end)$/i },
  {
    risk: "change-services",
    programs: "sc stop-service remove-service set-service",
    notOn: /^(query|qc|enumdepend|getdisplayname)/i,
  },
  { risk: "change-permissions", programs: "icacls takeown cacls" },
  {
    risk: "change-machine",
    says: "changes the registry",
    programs: "reg",
    on: "delete, add, import, restore",
  },
];
