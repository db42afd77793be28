// @ts-check
// The days between the messages, as WhatsApp names them, and the moment when "Today" becomes "Yesterday".

/** @param {number} at @param {number} now Both epoch ms. */
export function dayName(at, now) {
  const day = new Date(at).toDateString();
  const today = new Date(now);
  if (day === today.toDateString()) return "Today";
  // By the calendar: a day may have 23 or 25 hours.
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (day === yesterday.toDateString()) return "Yesterday";
  return new Date(at).toLocaleDateString([], { day: "numeric", month: "long", year: "numeric" });
}

/** Calls `change` when a day has begun, also one that began while the page was not looked at. @param {() => void} change */
export function onNewDay(change) {
  let day = new Date().toDateString();
  const look = () => {
    if (day !== new Date().toDateString()) {
      day = new Date().toDateString();
      change();
    }
  };
  window.setInterval(look, 60_000);
  document.addEventListener("visibilitychange", look);
}
