// @ts-check
// A swipe to the right answers a message, as in WhatsApp. With a finger only: a mouse has the arrow beside the bubble.

/** A finger that moves less than this only taps, px. */
const SLOP = 10;
/** From here on the swipe counts, px. */
const FAR = 56;
/** The bubble follows no further, px. */
const FURTHEST = 76;

/** @param {HTMLElement} row @param {HTMLElement} bubble What moves. @param {() => void} onReply */
export function onSwipe(row, bubble, onReply) {
  /** @type {{ id: number, x: number, y: number } | undefined} */
  let start;
  let far = 0;
  /** A finger that has moved must not press the button that it comes to rest on. */
  let hasMoved = false;

  const rest = () => {
    start = undefined;
    far = 0;
    row.classList.remove("swiping", "swiped");
    bubble.style.translate = "";
  };

  row.addEventListener("pointerdown", (event) => {
    hasMoved = false;
    if (event.pointerType !== "touch" || !event.isPrimary) return rest();
    start = { id: event.pointerId, x: event.clientX, y: event.clientY };
  });
  row.addEventListener("pointermove", (event) => {
    if (start?.id !== event.pointerId) return;
    const right = event.clientX - start.x;
    const down = Math.abs(event.clientY - start.y);
    if (far === 0 && (down > SLOP || right < -SLOP)) return rest();
    if (far === 0 && right < SLOP) return;
    hasMoved = true;
    far = Math.max(1, Math.min(FURTHEST, right - SLOP));
    bubble.style.translate = `${far}px`;
    row.classList.add("swiping");
    row.classList.toggle("swiped", far >= FAR - SLOP);
  });
  row.addEventListener("pointerup", (event) => {
    if (start?.id !== event.pointerId) return;
    const counts = far >= FAR - SLOP;
    rest();
    if (counts) onReply();
  });
  row.addEventListener("pointercancel", rest);
  row.addEventListener(
    "click",
    (event) => {
      if (!hasMoved) return;
      hasMoved = false;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
}
