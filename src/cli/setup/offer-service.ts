// Offers to start the server at every login.
import type { Offer } from "./offers.ts";

export const offerService: Offer = {
  name: "service",
  question: "Shall the server start at every login?",
  initial: false,
  isPossible: async () => false,
  run: async () => "",
};
