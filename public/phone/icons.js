// @ts-check
// The page's drawings, as SVG paths: the page loads nothing from elsewhere.

const SVG = "http://www.w3.org/2000/svg";

/** Each: width, height, path; drawn as lines unless `fill`. @type {Record<string, { w: number, h: number, d: string, fill?: boolean }>} */
const DRAWINGS = {
  bell: {
    w: 24,
    h: 24,
    d: "M12 3a1.5 1.5 0 0 0-1.5 1.5v.4A6 6 0 0 0 6 10.7v4.1l-1.7 2.1c-.4.5 0 1.1.6 1.1h14.2c.6 0 1-.6.6-1.1L18 14.8v-4.1a6 6 0 0 0-4.5-5.8v-.4A1.5 1.5 0 0 0 12 3zM9.6 19.5a2.5 2.5 0 0 0 4.8 0z",
    fill: true,
  },
  reply: { w: 24, h: 24, d: "M10 5v4c7 .9 10 5.3 11 10.5-2.5-3.7-6-5.2-11-5.2v4.2L3 11.7z", fill: true },
  send: { w: 24, h: 24, d: "M3.5 20.3 21.5 12 3.5 3.7l-.01 6.45L15.5 12 3.49 13.85z", fill: true },
  close: { w: 24, h: 24, d: "M6.5 6.5l11 11M17.5 6.5l-11 11" },
  down: { w: 24, h: 24, d: "M6 9.5l6 6 6-6" },
  file: { w: 24, h: 24, d: "M7 3h7l5 5v13H7zM14 3v5h5M10 13h6M10 17h6" },
  smile: { w: 24, h: 24, d: "M12 3a9 9 0 1 0 .01 0zM8.5 14a4.2 4.2 0 0 0 7 0M9 9.5v.2M15 9.5v.2" },
  list: { w: 24, h: 24, d: "M4 7h1M9 7h11M4 12h1M9 12h11M4 17h1M9 17h11" },
  chosen: { w: 24, h: 24, d: "M5 12.5l4.5 4.5L19 7.5" },
  problem: {
    w: 24,
    h: 24,
    d: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm1 15h-2v-2h2zm0-4h-2V7h2z",
    fill: true,
  },
  sent: { w: 18, h: 12, d: "M5.5 6.5l3.3 3.3 6.5-7.8" },
  delivered: { w: 18, h: 12, d: "M1 6.5l3.3 3.3 6.5-7.8M8.2 9l.8.8 6.5-7.8" },
};

/** @typedef {"bell" | "reply" | "send" | "close" | "down" | "file" | "smile" | "list" | "chosen" | "problem" | "sent" | "delivered"} IconName */

/**
 * A decorative drawing; its meaning must also stand in words.
 * @param {IconName} name
 */
export function icon(name) {
  const drawing = DRAWINGS[name];
  if (!drawing) throw new Error(`no drawing named ${name}`);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${drawing.w} ${drawing.h}`);
  svg.setAttribute("class", `icon icon-${name}${drawing.fill ? " filled" : ""}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", drawing.d);
  svg.append(path);
  return svg;
}
