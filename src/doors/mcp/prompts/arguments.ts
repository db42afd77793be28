// What somebody writes into a prompt's arguments. It stands beside words that a model takes for its user's, so nothing gets through
// that could pass for more than a name: no line break, nothing hidden, no length.
import { z } from "zod";
import { isApprovalId } from "../../../domain/tool-call.ts";
import { isPlain } from "../names.ts";

const MAX_DAYS = 90;
const DEFAULT_DAYS = 14;

/** @param about what the client shows beside it */
export function approvalIdArgument(about: string) {
  return z
    .string()
    .trim()
    .toLowerCase()
    .refine(isApprovalId, "must be the five letters of a request")
    .describe(about);
}

export function sessionIdArgument(about: string) {
  return z
    .string()
    .trim()
    .regex(/^[\w.:-]{1,100}$/, "must be a session's id: letters, digits and hyphens")
    .describe(about);
}

export function projectArgument(about: string) {
  return z
    .string()
    .trim()
    .max(200, "is too long")
    .refine(
      (name) => isPlain(name) && !/[/*]/.test(name),
      "must be a project's name: one line, without / and *",
    )
    .describe(about);
}

export function daysArgument(about: string) {
  return z
    .string()
    .trim()
    .regex(/^\d{1,2}$/, `must be a number from 1 to ${MAX_DAYS}`)
    .optional()
    .transform((text) => (text === undefined ? DEFAULT_DAYS : Number(text)))
    .refine((days) => days >= 1 && days <= MAX_DAYS, `must be a number from 1 to ${MAX_DAYS}`)
    .describe(about);
}
