// Where MCP clients call: Streamable HTTP, and the two addresses of HTTP+SSE.
export const MCP_PATH = "/mcp";
export const STREAM_PATH = "/sse";
export const MESSAGE_PATH = "/message";
