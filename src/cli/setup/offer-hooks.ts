// Offers the hooks of interactive sessions, as `hooks install` puts them into the user's settings.
import { hooks } from "../hooks/hooks.ts";
import type { Offer } from "./offer.ts";

export const offerHooks: Offer = {
  name: "hooks",
  question: "Shall interactive sessions of Claude Code ask your phone too (hooks in your user settings)?",
  initial: true,
  isPossible: async () => true,
  async run({ context }) {
    const said: string[] = [];
    const quiet = { ...context, colours: { out: false, err: false } };
    await hooks(
      { verb: "install", args: [], options: {} },
      { ...quiet, out: (text) => void said.push(text) },
    );
    return said.join("").trim().replace(/^✓ /, "").replace(/\n\s*/g, "\n");
  },
};
