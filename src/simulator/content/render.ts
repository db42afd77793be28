// Turns a template and its variables into what the phone shows, and says when WhatsApp would refuse the result.
import type { SimButton } from "../contract.ts";
import { fillPlaceholders } from "./placeholders.ts";
import type { Content, Template } from "./template.ts";

export interface Rendered {
  readonly body: string;
  readonly buttons: readonly SimButton[];
  readonly listButton?: string | undefined;
  /** 63021 when WhatsApp will refuse it, which Twilio reports by status callback. */
  readonly contentError?: number | undefined;
}

const MAX_INTERACTIVE_BODY = 1024;
/** Buttons that a template without approval may have. */
const MAX_SESSION_BUTTONS = 3;
const CONTENT_REFUSED = 63021;

/** Fills a template in. A variable that is not given takes its sample value. */
export function render(content: Content, given: ReadonlyMap<string, string>): Rendered {
  const values = new Map([...Object.entries(content.template.variables), ...given]);
  const rendered = renderTypes(content.template.types, (text) => fillPlaceholders(text, values));
  return isAcceptable(rendered, content.approval?.status === "approved")
    ? rendered
    : { ...rendered, contentError: CONTENT_REFUSED };
}

function renderTypes(types: Template["types"], fill: (text: string) => string): Rendered {
  const quickReply = types["twilio/quick-reply"];
  if (quickReply !== undefined) {
    const buttons = quickReply.actions.map(({ title, id }) => ({
      id: fill(id ?? title),
      title: fill(title),
    }));
    return { body: fill(quickReply.body), buttons };
  }
  const list = types["twilio/list-picker"];
  if (list !== undefined) {
    const buttons = list.items.map(({ id, item, description }) => ({
      id: fill(id),
      title: fill(item),
      ...(description === undefined ? {} : { description: fill(description) }),
    }));
    return { body: fill(list.body), buttons, listButton: fill(list.button) };
  }
  return { body: fill(types["twilio/text"]?.body ?? ""), buttons: [] };
}

function isAcceptable({ body, buttons, listButton }: Rendered, approved: boolean): boolean {
  if (buttons.length === 0) return true;
  if (body.length > MAX_INTERACTIVE_BODY) return false;
  if (new Set(buttons.map((button) => button.id)).size < buttons.length) return false;
  if (listButton === undefined) {
    const fits = buttons.every(({ id, title }) => title.length <= 20 && id.length <= 128);
    return fits && (approved || buttons.length <= MAX_SESSION_BUTTONS);
  }
  return (
    listButton.length <= 20 &&
    buttons.every(({ id, title, description = "" }) => {
      return title.length <= 24 && id.length <= 200 && description.length <= 72;
    })
  );
}
