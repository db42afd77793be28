// Offers what can be read beside the tools. Another token's request is answered as one that there is not.
import {
  type McpServer,
  type ReadResourceResult,
  ResourceNotFoundError,
  ResourceTemplate,
} from "@modelcontextprotocol/server";
import type { Names } from "../names.ts";
import { currentRequestContext } from "../request-context.ts";
import type { Readable, ResourceJson } from "./read-resources.ts";
import { MIME_TYPE, RESOURCES, TEMPLATES } from "./resource-table.ts";

type Requester = string | undefined;

export function registerResources(server: McpServer, readable: Readable, names: Names): void {
  const fixed = {
    pending: readable.pending,
    recent: readable.recent,
    today: readable.today,
    policy: readable.policy,
    status: readable.status,
  } satisfies Readonly<
    Record<keyof typeof RESOURCES, (requester: Requester) => ResourceJson | Promise<ResourceJson>>
  >;
  for (const [key, { name, uri, title, description }] of Object.entries(RESOURCES)) {
    const read = fixed[key as keyof typeof RESOURCES];
    server.registerResource(name, uri, { title, description, mimeType: MIME_TYPE }, async ({ href }) =>
      contents(href, await read(requester())),
    );
  }
  const one = {
    approval: [readable.approval, "approval_id", names.approvals],
    project: [readable.project, "project", names.projects],
    session: [readable.session, "session_id", names.sessions],
  } as const satisfies Readonly<Record<keyof typeof TEMPLATES, unknown>>;
  for (const [key, { name, uri, title, description }] of Object.entries(TEMPLATES)) {
    const [read, variable, complete] = one[key as keyof typeof TEMPLATES];
    const template = new ResourceTemplate(uri, {
      list: undefined,
      complete: { [variable]: (begun: string) => complete(begun, requester()) },
    });
    server.registerResource(
      name,
      template,
      { title, description, mimeType: MIME_TYPE },
      async ({ href }, variables) => {
        const found = await read(decoded(String(variables[variable])), requester());
        if (found === undefined) throw new ResourceNotFoundError(href);
        return contents(href, found);
      },
    );
  }
}

function requester(): Requester {
  return currentRequestContext()?.requester;
}

function contents(uri: string, value: ResourceJson): ReadResourceResult {
  return { contents: [{ uri, mimeType: MIME_TYPE, text: JSON.stringify(value, null, 2) }] };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
