// The policy as it is read by programs: what it says beforehand, not how it decides.

export interface PolicyView {
  /** `stale` and `refused`: its file is wrong, and nothing is allowed by it. */
  readonly state: "active" | "none" | "stale" | "refused";
  readonly rules: readonly {
    readonly decision: "deny" | "ask" | "allow";
    /** As its author wrote it. */
    readonly rule: string;
  }[];
  readonly maxApprovalsPerSession?: number | undefined;
  /** How many people must approve what carries a warning; absent: one. */
  readonly quorum?: number | undefined;
}
