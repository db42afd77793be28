// What the ports of this machine do not give away: nothing on the local one answers a request, and the other two are for
// loopback only, whatever HOST says.
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { callTool, startStage } from "../helpers/server-stage.ts";

/** Another address of this machine's own: it reaches what listens on every address. Linux has it; others need not. */
const ANOTHER_OWN_ADDRESS = "127.0.0.2";

describe("another program on this machine", () => {
  it.each([
    ["approve", "POST", (id: string) => `/v1/approvals/${id}/approve`],
    ["decide", "PUT", (id: string) => `/v1/approvals/${id}`],
    ["change", "PATCH", (id: string) => `/v1/approvals/${id}`],
    ["decide by the control door", "POST", (id: string) => `/control/approve/${id}`],
    ["pass for Twilio", "POST", () => "/twilio-webhook"],
    ["pass for the phone", "POST", () => "/tap"],
  ])("cannot %s on the local port", async (_, method, path) => {
    const { server, phone, request } = await startStage();
    const answer = callTool(server);
    const { sid, body, buttons } = await request();
    const id = /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1] ?? "";
    const said = { From: "whatsapp:+15005550006", Body: `approve ${id}`, ButtonPayload: `approve:${id}` };
    const refused = await fetch(server.localUrl + path(id), {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...said, status: "approved", behavior: "allow", id, button: buttons[0]?.id }),
    });
    expect(refused.ok).toBe(false);
    const found = await fetch(`${server.localUrl}/v1/approvals?status=pending`);
    expect(await found.json()).toMatchObject({ approvals: [{ approval_id: id, status: "pending" }] });
    await phone.tap(sid, "deny");
    expect(await answer).toMatchObject({ behavior: "deny" });
  });
});

describe.skipIf(process.platform !== "linux")("with a HOST that others reach", () => {
  it("only the local port is open to them: the webhook's and the phone's stay on 127.0.0.1", async () => {
    const env = { HOST: "0.0.0.0", APPROVAL_TOKEN: "0123456789abcdef" };
    const { server } = await startStage({ env });
    const { localUrl, webhookUrl, simulator } = server;
    const open = await Promise.all([localUrl, webhookUrl, simulator?.url ?? ""].map(isOpenToOthers));
    expect(open).toEqual([true, false, false]);
  });
});

function isOpenToOthers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), ANOTHER_OWN_ADDRESS);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
