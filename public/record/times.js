// @ts-check
// Times and spans of time, as this page shows them.

const DAY_MS = 86_400_000;

/** "14:05", with its day where that is another one. @param {string} at @param {boolean} [seconds] */
export function timeText(at, seconds = false) {
  const when = new Date(at);
  const clock = when.toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
    ...(seconds ? { second: "2-digit" } : {}),
  });
  const year =
    when.getFullYear() === new Date().getFullYear() ? {} : { year: /** @type {const} */ ("numeric") };
  const isToday = when.toDateString() === new Date().toDateString();
  return isToday
    ? clock
    : `${when.toLocaleDateString([], { day: "numeric", month: "short", ...year })} ${clock}`;
}

/** "4:05" of what is left. @param {number} ms */
export function clockText(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** "0.4 s", "12 s", "3 min 5 s", "2 h 5 min", "3 days". @param {number} ms */
export function spanText(ms) {
  if (ms < 1_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  if (ms < 2 * DAY_MS) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(ms / DAY_MS)} days`;
}
