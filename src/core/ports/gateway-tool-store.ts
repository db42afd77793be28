// What MCP servers behind the gate have said of their tools, over a restart. Both methods may reject.

export interface KnownGatewayTool {
  /** The entry's key in gateway.json. */
  readonly server: string;
  /** The tool's own name. */
  readonly tool: string;
  /** JSON of its name, title, description, schemas and hints. */
  readonly definition: string;
  /** SHA-256 of the same, in hex. */
  readonly fingerprint: string;
  /** Made by the server over all three; null in a row of before there were seals. */
  readonly seal: string | null;
  /** When it was first seen, or last approved by a person, epoch ms. */
  readonly at: number;
}

export interface GatewayToolStore {
  gatewayTools(): Promise<readonly KnownGatewayTool[]>;
  /** Replaces what was known of the tool. */
  recordGatewayTool(known: KnownGatewayTool): Promise<void>;
}
