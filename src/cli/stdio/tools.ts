// The tools as a client of the running server sees them; where it does not answer, the same tools, which approve nothing.

import { Client, InMemoryTransport, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { Gate } from "../../core/gate-contract.ts";
import type { Log } from "../../core/ports/log.ts";
import { draftOf } from "../../core/request-draft.ts";
import { UnavailableError } from "../../doors/mcp/approvals.ts";
import { createApprovalTools, type McpDoorDeps } from "../../doors/mcp/mcp-door.ts";
import { randomApprovalId, systemClock } from "../../server/system.ts";
import { type LocalAddress, type LocalFailure, projectHeader, stayingFetch } from "../local-client.ts";

/** A connected client, used for one request. */
export type ToolClient = Client;

export interface RemoteDeps {
  readonly address: LocalAddress;
  /** The folder that the caller works in. */
  readonly folder: string;
  readonly version: string;
}

/** Connects to the running server. @throws the client's error when it does not answer. */
export async function connectRemote({ address, folder, version }: RemoteDeps): Promise<ToolClient> {
  const client = newClient(version);
  const requestInit = { headers: { ...projectHeader(folder), ...address.headers } };
  const options = { requestInit, fetch: stayingFetch };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${address.url}/mcp`), options));
  return client;
}

/** Connects to tools of this process that have nobody to ask. */
export async function connectAbsent(failure: LocalFailure, log: Log, version: string): Promise<ToolClient> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await createApprovalTools({
    gate: absentGate(failure),
    ...absentRecord(failure),
    log,
    version,
    timeoutMs: 0,
  }).connect(far);
  const client = newClient(version);
  await client.connect(near);
  return client;
}

/** Nothing can be looked up. */
function absentRecord({
  message,
  advice,
}: LocalFailure): Pick<McpDoorDeps, "approvals" | "readable" | "drafter"> {
  const absent = () => {
    throw new UnavailableError(`${message} ${advice} Nothing was approved.`);
  };
  const never = async () => absent();
  return {
    approvals: {
      heldResults: { start: never },
      desk: { held: () => undefined, standing: never, list: never, find: never, withdraw: never },
      clock: systemClock,
    },
    drafter: { draft: never },
    readable: {
      ...{ pending: never, recent: never, today: never, policy: absent, status: absent },
      ...{ approval: never, project: never, session: never },
    },
  };
}

function newClient(version: string): Client {
  return new Client({ name: "approval-server-stdio", version }, { versionNegotiation: { mode: "auto" } });
}

const NO_WAIT = { at: 0, waitMs: 0, grantMs: 0, waiting: 0 };

/** Nobody is asked, so that nobody can approve. */
function absentGate({ message, advice }: LocalFailure): Pick<Gate, "request"> {
  return {
    async request(submission) {
      const inspection = { shown: submission.call, secrets: undefined, warnings: [] };
      const request = { id: randomApprovalId(), ...draftOf(submission, inspection, NO_WAIT) };
      return { request, outcome: { status: "undeliverable", message, advice }, acknowledge: () => {} };
    },
  };
}
