// One simulator, one webhook server and one twilio client, wired together and taken down after the test.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { SimulatorOptions } from "../../src/simulator/contract.ts";
import { createTestTwilio, type Reader } from "../twilio/create-test-twilio.ts";
import { simulatorClient } from "./simulator-client.ts";
import { startWebhookServer } from "./simulator-webhook.ts";

export const ACCOUNT = `AC${"1".repeat(32)}`;
export const TOKEN = "0123456789abcdef0123456789abcdef";
export const SENDER = "whatsapp:+14155238886";
export const PHONE = "+15550001111";
export const OTHER_PHONE = "+15550002222";

/** A fresh world; everything in it is closed when the test ends. */
export async function startWorld(overrides: Partial<SimulatorOptions> = {}, reader: Reader = "person") {
  const pageDir = await mkdtemp(join(tmpdir(), "phone-page-"));
  await writeFile(join(pageDir, "index.html"), "<!doctype html><title>phone</title>");
  const webhook = await startWebhookServer();
  const simulator = await createTestTwilio(
    {
      accountSid: ACCOUNT,
      authToken: TOKEN,
      sender: SENDER,
      phones: [PHONE, OTHER_PHONE],
      webhookUrl: () => webhook.url,
      pageDir,
      port: 0,
      ...overrides,
    },
    reader,
  );
  onTestFinished(async () => {
    await simulator.close();
    await webhook.close();
    await rm(pageDir, { recursive: true });
  });
  const client = simulatorClient(simulator.url, ACCOUNT, TOKEN);
  return { simulator, webhook, client };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

/** Creates the usual three-button template and returns its SID. */
export async function createApprovalTemplate(client: World["client"], friendlyName = "approval_request") {
  const content = await client.content.v1.contents.create({
    friendly_name: friendlyName,
    language: "en",
    variables: { "1": "kqmwa", "2": "ls -la /etc" },
    types: {
      "twilio/quick-reply": {
        body: "🔔 *Approval Request*\n\nExecute command: `{{2}}`\n*Request ID:* {{1}}\n\nTap a button.",
        actions: [
          { title: "✅ Approve", id: "approve:{{1}}" },
          { title: "❌ Deny", id: "deny:{{1}}" },
          { title: "🔁 Session", id: "session:{{1}}" },
        ],
      },
    },
    // twilio's types say friendlyName and twilioQuickReply, but the API takes snake_case.
  } as never);
  return content.sid;
}

/** Sends the usual approval message to the first phone. */
export function sendApproval(world: World, contentSid: string, id = "kqmwa", extra: object = {}) {
  return world.client.messages.create({
    to: `whatsapp:${PHONE}`,
    from: SENDER,
    contentSid,
    contentVariables: JSON.stringify({ "1": id, "2": "ls -la /etc" }),
    ...extra,
  });
}

/** The error that the promise rejects with. */
export async function rejection(
  promise: Promise<unknown>,
): Promise<{ status?: number; code?: number; message: string }> {
  try {
    await promise;
  } catch (error) {
    return error as { status?: number; code?: number; message: string };
  }
  throw new Error("it was accepted");
}
