// The Content API: templates under /v1/Content, their WhatsApp approval, and the search under /v2/Content.
import express, { type Request, Router } from "express";
import type { ContentStore } from "../content/content-store.ts";
import { approvalRequestSchema, type Content, type Template, templateSchema } from "../content/template.ts";
import { answer } from "./answer.ts";
import { approvalResource, approvalStateResource, contentResource } from "./content-resource.ts";
import { pageOf } from "./paging.ts";
import { TwilioError } from "./twilio-error.ts";

/** Routes relative to the API's root. */
export function createContentRoutes(deps: {
  readonly accountSid: string;
  readonly contents: ContentStore;
}): Router {
  const { accountSid, contents } = deps;
  const router = Router();
  router.use(["/v1/Content", "/v2/Content"], express.json({ limit: "1mb" }));

  const wanted = (req: Request): Content => {
    const content = contents.find(String(req.params["sid"]));
    if (content === undefined) throw new TwilioError(404, 20404);
    return content;
  };
  const list = (version: "v1" | "v2", found: readonly Content[], req: Request) => {
    const page = pageOf(found, (content) => content.sid, req.query);
    const base = `https://content.twilio.com/${version}/Content`;
    return {
      contents: page.items.map((content) => contentResource(accountSid, content)),
      meta: {
        key: "contents",
        page: page.page,
        page_size: page.pageSize,
        url: `${base}?${page.self}`,
        first_page_url: `${base}?${page.first}`,
        next_page_url: page.next === undefined ? null : `${base}?${page.next}`,
        previous_page_url: null,
      },
    };
  };

  router.get("/v1/Content", (req, res) => answer(res, 200, list("v1", contents.all(), req)));
  router.get("/v2/Content", (req, res) => {
    const name = String(req.query["ContentName"] ?? "").toLowerCase();
    const found = contents
      .all()
      .filter(({ template }) => template.friendly_name.toLowerCase().includes(name));
    answer(res, 200, list("v2", found, req));
  });

  router.post("/v1/Content", (req, res) => {
    const content = contents.create(parseTemplate(req.body));
    answer(res, 201, contentResource(accountSid, content));
  });
  router.get("/v1/Content/:sid", (req, res) => answer(res, 200, contentResource(accountSid, wanted(req))));
  router.put("/v1/Content/:sid", (req, res) => {
    const content = unsubmitted(wanted(req));
    answer(res, 200, contentResource(accountSid, contents.replace(content, parseTemplate(req.body))));
  });
  router.delete("/v1/Content/:sid", (req, res) => {
    contents.remove(wanted(req).sid);
    answer(res, 204);
  });

  router.get("/v1/Content/:sid/ApprovalRequests", (req, res) => {
    answer(res, 200, approvalStateResource(accountSid, contents.look(wanted(req))));
  });
  router.post("/v1/Content/:sid/ApprovalRequests/whatsapp", (req, res) => {
    const content = unsubmitted(wanted(req));
    const request = approvalRequestSchema.safeParse(req.body);
    if (!request.success) throw new TwilioError(400, 20001, describe(request.error.issues));
    const { approval } = contents.submit(content, request.data);
    answer(res, 201, approval === undefined ? undefined : approvalResource(content, approval));
  });

  return router;
}

function parseTemplate(body: unknown): Template {
  const parsed = templateSchema.safeParse(body);
  if (!parsed.success) throw new TwilioError(400, 20001, describe(parsed.error.issues));
  return parsed.data;
}

// What WhatsApp has seen can no longer be changed: only create-new and delete are left.
function unsubmitted(content: Content): Content {
  if (content.approval !== undefined) {
    throw new TwilioError(
      400,
      20001,
      "The content was submitted for approval and cannot be changed or submitted again",
    );
  }
  return content;
}

function describe(issues: readonly { readonly path: PropertyKey[]; readonly message: string }[]): string {
  return issues.map(({ path, message }) => `${path.map(String).join(".") || "body"}: ${message}`).join("; ");
}
