// Which scripts a person has approved, as they were then. Every method may reject.

export interface ApprovedScript {
  /** Its name as a tool. */
  readonly name: string;
  /** The same for the same files only. */
  readonly identity: string;
  /** Made by the server over both, and the folder: a row that somebody else has written has none that fits. */
  readonly seal: string;
  /** Epoch milliseconds. */
  readonly approvedAt: number;
}

export interface ScriptStore {
  approvedScripts(): Promise<readonly ApprovedScript[]>;
  /** Replaces what was known under that name. */
  recordApprovedScript(script: ApprovedScript): Promise<void>;
}
