// The routes of the REST door, once: the router is made from this list, and so is the OpenAPI document.
import type { z } from "zod";
import { askSchema } from "../approval-ask.ts";
import { approvalSchema } from "../held/shapes.ts";
import type { ProblemType } from "./problem.ts";
import { createHeadersSchema, getQuerySchema, listQuerySchema, listSchema } from "./shapes.ts";

export const APPROVALS_PATH = "/v1/approvals";
const DOCUMENT_PATH = "/v1/openapi.json";

export type OperationId = "create" | "list" | "get" | "withdraw" | "document";

export interface Operation {
  readonly id: OperationId;
  readonly method: "get" | "post" | "delete";
  /** As OpenAPI writes it: `/v1/approvals/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly headers?: z.ZodObject | undefined;
  readonly query?: z.ZodObject | undefined;
  readonly body?: z.ZodObject | undefined;
  /** What is answered, by HTTP status; undefined: any JSON object. */
  readonly answers: Readonly<Record<number, { readonly text: string; readonly schema?: z.ZodObject }>>;
  readonly problems: readonly ProblemType[];
}

const approval = (text: string) => ({ text, schema: approvalSchema });

export const OPERATIONS: readonly Operation[] = [
  {
    id: "create",
    method: "post",
    path: APPROVALS_PATH,
    summary: "Asks the person. Answers at once; fetch the decision with GET.",
    headers: createHeadersSchema,
    body: askSchema,
    answers: {
      200: approval("The request of this Idempotency-Key, as it stands."),
      201: approval("Asked. `Location` leads to the request."),
    },
    problems: [
      "invalid-json",
      "invalid-parameter",
      "body-too-large",
      "unsupported-media-type",
      "invalid-request",
      "key-used",
      "too-many",
      "not-recorded",
    ],
  },
  {
    id: "list",
    method: "get",
    path: APPROVALS_PATH,
    summary:
      "Lists requests of every door, newest first. An approval shows as pending until its caller fetched it.",
    query: listQuerySchema,
    answers: { 200: { text: "One page.", schema: listSchema } },
    problems: ["invalid-parameter"],
  },
  {
    id: "get",
    method: "get",
    path: `${APPROVALS_PATH}/{id}`,
    summary: "How a request stands. This is how a decision is fetched: the person is told that you have it.",
    query: getQuerySchema,
    answers: { 200: approval("The request.") },
    problems: ["invalid-parameter", "not-found", "too-many"],
  },
  {
    id: "withdraw",
    method: "delete",
    path: `${APPROVALS_PATH}/{id}`,
    summary: "Withdraws a request that was made here and whose decision nobody has fetched.",
    answers: { 200: approval("Withdrawn: nothing is approved any more.") },
    problems: ["not-found", "not-waiting"],
  },
  {
    id: "document",
    method: "get",
    path: DOCUMENT_PATH,
    summary: "This document.",
    answers: { 200: { text: "An OpenAPI 3.1 document." } },
    problems: [],
  },
];

/** What any call may be answered with. */
export const COMMON_PROBLEMS: readonly ProblemType[] = ["forbidden", "method-not-allowed", "server-error"];
