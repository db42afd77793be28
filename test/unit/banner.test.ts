// What the start says loudly.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { startText } from "../../src/server/banner.ts";
import type { ApprovalServer } from "../../src/server/server-contract.ts";

const server: ApprovalServer = {
  localUrl: "http://127.0.0.1:8000",
  webhookUrl: "http://127.0.0.1:8001/twilio-webhook",
  hasWebhook: true,
  simulator: undefined,
  missingTemplates: [],
  close: async () => {},
};
const shown = (VERIFY_REPLIES: string) =>
  startText(parseConfig({ VERIFY_REPLIES }), server, { version: "0.0.0", root: "/srv", colours: false });

describe("the start", () => {
  it("warns when replies are not verified", () => {
    expect(shown("off")).toMatch(
      /^ {2}Warning +VERIFY_REPLIES is off: whoever can read TWILIO_AUTH_TOKEN can approve$/m,
    );
  });

  it.each(["", "approvals", "all"])("says nothing of it when they are: %j", (value) => {
    expect(shown(value)).not.toContain("VERIFY_REPLIES");
  });
});
