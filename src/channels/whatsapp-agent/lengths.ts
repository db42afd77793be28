// What one message of the Agent Platform takes. UTF-16 units: which unit Meta counts is not known, and no other counts more.
import type { PartsFormat } from "../whatsapp-format/parts.ts";
import type { PlainFormat } from "../whatsapp-format/question-prompt.ts";

export const MAX_BODY_LENGTH = 4_096;

/** As much as Twilio's parts show at first: with the message that takes the answer it stays below 12 sends a minute. */
export const PARTS: PartsFormat = {
  maxLength: MAX_BODY_LENGTH,
  atFirst: { script: { head: 4, tail: 2 }, data: { head: 2, tail: 0 } },
};

/** How many parts one MORE sends. */
export const MORE_PARTS = 2;

export const QUESTION_FORMAT: PlainFormat = { maxBody: MAX_BODY_LENGTH, parts: PARTS };

/** Of a document: 16 MB, read as the smaller of the two. Bytes. */
export const MAX_DOCUMENT_BYTES = 16_000_000;
