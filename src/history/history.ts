// The record's own page and what it reads. Nothing here changes anything: an agent on this machine can reach it.

import { join } from "node:path";
import express, { type RequestHandler, Router } from "express";
import { z } from "zod";
import type { HistoryStore, RecordQuery } from "../core/ports/history-store.ts";
import { readAs } from "../core/read-as.ts";
import { DOORS, isApprovalId } from "../domain/tool-call.ts";
import type { Changes } from "./changes.ts";
import { SHOWN_STATUSES } from "./outcome-words.ts";
import { ownPageOnly, readOnly, recordHeaders } from "./own-page.ts";
import { placeOf, readPage } from "./read-record.ts";
import { shownStory } from "./shown-record.ts";
import type { ReadStatus } from "./status.ts";

export const RECORD_API = "/record/api";
const MAX_LIMIT = 200;

const time = z.coerce.number<string>().int().min(0).optional();
const name = z.string().max(1_000).optional();
const querySchema = z.strictObject({
  status: z.enum(Object.keys(SHOWN_STATUSES) as (keyof typeof SHOWN_STATUSES)[]).optional(),
  project: name,
  tool: name,
  door: z.enum(DOORS).optional(),
  since: time,
  until: time,
  q: z.string().max(200).optional(),
  limit: z.coerce.number<string>().int().min(1).max(MAX_LIMIT).default(50),
  before: z
    .string()
    .transform((text, issues) => {
      const place = placeOf(text);
      if (place === undefined) issues.addIssue("is no place in the record");
      return place ?? z.NEVER;
    })
    .optional(),
});

export interface HistoryDeps {
  readonly store: HistoryStore;
  readonly changes: Changes;
  readonly status: ReadStatus;
  /** Name of the token that a request came with. @param res its response */
  readonly requesterOf: (res: object) => string | undefined;
}

/** @param root folder of package.json. The page's files: they hold nothing of the record, so that a person can load them and then show the token. */
export function createRecordPage(root: string): RequestHandler {
  const router = Router();
  const folder = join(root, "public", "record");
  const guards = [recordHeaders, ownPageOnly, readOnly];
  router.all("/", ...guards, (_req, res) => res.sendFile("index.html", { root: folder }));
  const files = express.static(folder, { index: false, redirect: false, etag: false, lastModified: false });
  router.use("/record", (req, res, next) => {
    if (/^\/api(\/|$)/i.test(req.path)) return next();
    const [first, second, third] = guards;
    first?.(req, res, () => second?.(req, res, () => third?.(req, res, () => files(req, res, next))));
  });
  return router;
}

/** What is read of the record, behind the checks of every local route. */
export function createHistory({ store, changes, status, requesterOf }: HistoryDeps): RequestHandler {
  const router = Router();
  router.use(RECORD_API, recordHeaders, ownPageOnly, readOnly);
  router.get(`${RECORD_API}/status`, async (_req, res) => {
    const version = changes.version();
    res.json({ ...(await status(requesterOf(res))), record_version: version });
  });
  router.get(`${RECORD_API}/changes`, async (req, res) => {
    const gone = new AbortController();
    res.once("close", () => gone.abort());
    await changes.after(String(req.query["after"] ?? ""), gone.signal);
    if (!res.destroyed) res.json({ record_version: changes.version() });
  });
  router.get(`${RECORD_API}/requests`, async (req, res) => {
    const parsed = readAs(querySchema, req.query);
    if (!parsed.success) {
      res.status(400).json({ error: "invalid_query", message: z.prettifyError(parsed.error) });
      return;
    }
    const { limit, before } = parsed.data;
    const query = queryOf(parsed.data, requesterOf(res));
    res.json(await readPage(store, query, { from: before, limit, isWanted: () => !res.destroyed }));
  });
  router.get(`${RECORD_API}/requests/:id`, async (req, res) => {
    const requester = requesterOf(res);
    const { id } = req.params;
    const story = isApprovalId(id) ? await store.story(id) : undefined;
    const isSeen = requester === undefined || story?.approval.requester === requester;
    if (story === undefined || !isSeen) {
      res.status(404).json({ error: "not_found", message: "There is no such request." });
      return;
    }
    res.json(shownStory(story));
  });
  return router;
}

function queryOf(
  { status, project, tool, door, since, until, q }: z.output<typeof querySchema>,
  requester: string | undefined,
): RecordQuery {
  const words = q?.trim();
  return {
    statuses: status === undefined ? undefined : SHOWN_STATUSES[status],
    project: project || undefined,
    toolName: tool || undefined,
    door,
    since,
    until,
    words: words === "" ? undefined : words,
    requester,
  };
}
