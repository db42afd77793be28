// Every kind of entry in the event log, and everything that a phone is told, is in the docs: a new kind cannot be forgotten there.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderNotice } from "../../src/channels/whatsapp-format/notice.ts";
import { EVENT_KINDS } from "../../src/domain/audit-event.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { packageRoot } from "../../src/server/system.ts";
import { ALWAYS_TOLD, APPROVED, decided, PHONE } from "../helpers/notices.ts";

const ID = "kqmwa" as ApprovalId;
const path = (name: string) => join(packageRoot(), "docs", name);

describe("docs/audit.md", () => {
  it.each(EVENT_KINDS)("says what the entry %s is", (kind) => {
    expect(readFileSync(path("audit.md"), "utf8")).toContain(`\`${kind}\``);
  });
});

const HEAD = `# Everything the phone is told

One example of each kind of message beside the requests, as WhatsApp through Twilio shows it; where a channel has no buttons, the words
about them are left out. \`npm run docs\` writes this page from the code. What the answers mean: [replies](replies.md).
`;

/** By the clock of whoever runs this. */
const AT = new Date(2026, 0, 31, 15, 4).getTime();
const SHOWN: Partial<Record<Notice["kind"], Notice>> = {
  decided: decided(APPROVED),
  "kept-open": { kind: "kept-open" },
  "to-confirm": { kind: "to-confirm", id: ID, by: PHONE, answers: [{ by: PHONE, options: [2] }] },
  "chat-closing": { kind: "chat-closing", closesAt: AT, now: AT - 7_200_000 },
  "membership-ending": {
    ...{ kind: "membership-ending", endsAt: AT, sender: "+15005550001", now: AT - 7_200_000 },
  },
};

describe("docs/notices.md", () => {
  it("has an example of each kind, as the code writes it", async () => {
    const all = { ...ALWAYS_TOLD, ...SHOWN };
    const parts = Object.entries(all).map(
      ([kind, notice]) => `## ${kind}\n\n\`\`\`\`\n${renderNotice(notice)}\n\`\`\`\`\n`,
    );
    await expect([HEAD, ...parts].join("\n")).toMatchFileSnapshot(path("notices.md"));
  });
});
