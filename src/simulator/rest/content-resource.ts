// Templates and their approvals as the Content API shows them.
import type { Content, TemplateApprovalState } from "../content/template.ts";

const BASE = "https://content.twilio.com/v1/Content";

/** The Content resource. */
export function contentResource(accountSid: string, content: Content) {
  const url = `${BASE}/${content.sid}`;
  return {
    sid: content.sid,
    account_sid: accountSid,
    ...content.template,
    url,
    date_created: iso8601(content.createdAt),
    date_updated: iso8601(content.updatedAt),
    links: {
      approval_create: `${url}/ApprovalRequests/whatsapp`,
      approval_fetch: `${url}/ApprovalRequests`,
    },
  };
}

/** The answer to a submission for approval. */
export function approvalResource(content: Content, approval: TemplateApprovalState) {
  return { ...approval, content_type: contentType(content) };
}

/** The state of a template's approval, submitted or not. */
export function approvalStateResource(accountSid: string, content: Content) {
  const none = {
    name: "",
    category: "",
    status: "unsubmitted",
    rejection_reason: "",
    allow_category_change: true,
  };
  return {
    sid: content.sid,
    account_sid: accountSid,
    whatsapp: { type: "whatsapp", ...(content.approval ?? none), content_type: contentType(content) },
    url: `${BASE}/${content.sid}/ApprovalRequests`,
  };
}

function contentType(content: Content): string {
  return Object.keys(content.template.types)[0] ?? "";
}

function iso8601(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, "Z");
}
