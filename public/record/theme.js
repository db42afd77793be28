// @ts-check
// Light or dark: the person's choice, else the system's. It stays in this browser.
import { byId } from "./dom.js";

const KEY = "approval-colours";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

export function followTheme() {
  const choice = byId("theme", HTMLSelectElement);
  const apply = () => {
    const isDark = choice.value === "dark" || (choice.value === "system" && dark.matches);
    document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
  };
  const kept = localStorage.getItem(KEY);
  if (kept === "light" || kept === "dark") choice.value = kept;
  choice.addEventListener("change", () => {
    localStorage.setItem(KEY, choice.value);
    apply();
  });
  dark.addEventListener("change", apply);
  apply();
}
