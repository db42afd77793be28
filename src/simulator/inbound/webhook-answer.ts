// What Twilio does with our webhook's answer: messages to the phone, or a warning in its debugger.
import type { SimWarning, WebhookResult } from "../contract.ts";

/** The consequences of one answer. */
export interface AnswerReading {
  /** Texts that Twilio sends to the phone because of the answer. */
  readonly replies: readonly string[];
  readonly warning?: SimWarning | undefined;
}

/** Reads the answer as TwiML, as plain text, or as a mistake. */
export function readWebhookAnswer(result: WebhookResult): AnswerReading {
  if (result.error !== undefined) return warn(11200, `HTTP retrieval failure: ${result.error}`);
  if (result.status < 200 || result.status > 299)
    return warn(11200, `HTTP retrieval failure: ${result.status}`);
  if (result.status === 204 || result.body.trim() === "") return { replies: [] };
  const type = result.contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "text/plain") return { replies: [result.body] };
  if (!["text/xml", "application/xml", "text/html"].includes(type)) {
    return warn(12300, `Invalid Content-Type: ${type === "" ? "none" : type}`);
  }
  return readTwiml(result.body);
}

function readTwiml(xml: string): AnswerReading {
  const document = xml.replace(/<\?xml[^>]*\?>|<!--[\s\S]*?-->/g, "").trim();
  if (/^<Response\s*\/>$/.test(document)) return { replies: [] };
  const content = /^<Response(?:\s[^>]*)?>([\s\S]*)<\/Response>$/.exec(document)?.[1];
  if (content === undefined) return warn(12100, "Document parse failure");
  const messages = [...content.matchAll(/<Message(?:\s[^>]*)?>([\s\S]*?)<\/Message>/g)];
  return {
    replies: messages.map(([, inner = ""]) => unescapeXml(inner)).filter((text) => text !== ""),
  };
}

function unescapeXml(inner: string): string {
  const text = /<Body(?:\s[^>]*)?>([\s\S]*?)<\/Body>/.exec(inner)?.[1] ?? inner;
  const cdata = /^\s*<!\[CDATA\[([\s\S]*?)\]\]>\s*$/.exec(text)?.[1];
  if (cdata !== undefined) return cdata;
  const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text
    .replace(/<[^>]*>/g, "")
    .replace(
      /&(?:#(\d+)|#x([0-9a-f]+)|(lt|gt|quot|apos|amp));/gi,
      (_, decimal, hex, name: string | undefined) =>
        name === undefined
          ? String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal))
          : (named[name.toLowerCase()] ?? ""),
    )
    .trim();
}

function warn(code: number, message: string): AnswerReading {
  return { replies: [], warning: { code, message } };
}
