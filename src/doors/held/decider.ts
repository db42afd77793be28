// Who decided a request that has ended.
import type { Outcome } from "../../domain/approval.ts";

/** @returns undefined where nobody has decided */
export function deciderOf(outcome: Outcome): "person" | "policy" | "grant" | "mode" | undefined {
  switch (outcome.status) {
    case "approved": {
      const { by } = outcome;
      if (by === "policy") return "policy";
      return by === "grant" ? "grant" : "person";
    }
    case "denied":
      return "person";
    case "blocked":
      return "policy";
    case "refused":
      return "mode";
    default:
      return undefined;
  }
}
