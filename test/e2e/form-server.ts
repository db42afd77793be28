// An MCP server over stdio with one tool, which asks the person to fill in a form and returns what came of it. As source: the
// real CLI starts it as a program of its own.

export const FORM_SERVER = `
import { createInterface } from "node:readline";
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\\n");
const requestedSchema = {
  type: "object",
  properties: {
    name: { type: "string", title: "Your name", minLength: 2 },
    env: { type: "string", enum: ["staging", "production"] },
    notify: { type: "boolean" },
    count: { type: "integer", minimum: 1, maximum: 9 },
  },
  required: ["name", "env", "count"],
};
let waiting;
createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params, result } = JSON.parse(line);
  if (method === "initialize") {
    const { protocolVersion } = params;
    send({ id, result: { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "form", version: "1" } } });
  } else if (method === "tools/list") {
    send({ id, result: { tools: [{ name: "deploy", inputSchema: { type: "object", properties: {} } }] } });
  } else if (method === "tools/call") {
    waiting = id;
    send({ id: "form-1", method: "elicitation/create", params: { message: "Which deployment?", requestedSchema } });
  } else if (id === "form-1") {
    send({ id: waiting, result: { content: [{ type: "text", text: JSON.stringify(result) }] } });
  } else if (id !== undefined && method !== undefined) {
    send({ id, error: { code: -32601, message: "not here" } });
  }
});
`;
