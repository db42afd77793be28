// Times and spans of time in words.

/** Time of day on this machine, "15:04". @param at epoch ms */
export function clockText(at: number): string {
  return new Date(at).toTimeString().slice(0, 5);
}

/** "5 minutes", "1 minute 30 seconds", "45 seconds"; from two hours on without seconds: "23 hours 59 minutes". */
export function duration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  if (total >= 7_200) return hoursText(Math.floor(total / 60));
  const minutes = Math.floor(total / 60);
  const seconds = total % 60;
  const parts: string[] = [];
  if (minutes > 0) parts.push(`${minutes} minute${minutes === 1 ? "" : "s"}`);
  if (seconds > 0 || minutes === 0) parts.push(`${seconds} second${seconds === 1 ? "" : "s"}`);
  return parts.join(" ");
}

function hoursText(minutes: number): string {
  const hours = `${Math.floor(minutes / 60)} hours`;
  const rest = minutes % 60;
  return rest === 0 ? hours : `${hours} ${rest} minute${rest === 1 ? "" : "s"}`;
}

/** "40 s", "5 min", "3 h", "2 days". */
export function agoText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
