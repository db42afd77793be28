// The account's templates and the course of their approval: received when submitted, decided by the second look.
import { newSid } from "../sid.ts";
import { rejectionReason } from "./approval-rules.ts";
import type { Content, Template, TemplateSubmission } from "./template.ts";

export type ContentStore = ReturnType<typeof createContentStore>;

/** @param now dates creation and change, epoch ms. */
export function createContentStore(now: () => number) {
  const contents = new Map<string, Content>();
  const looks = new Map<string, number>();

  function put(content: Content): Content {
    contents.set(content.sid, content);
    return content;
  }

  return {
    /** In the order of creation. */
    all: (): readonly Content[] => [...contents.values()],
    find: (sid: string): Content | undefined => contents.get(sid),
    remove: (sid: string): boolean => contents.delete(sid),

    create(template: Template): Content {
      return put({ sid: newSid("HX"), template, createdAt: now(), updatedAt: now() });
    },

    /** Replaces the template under the same SID. */
    replace: (content: Content, template: Template): Content =>
      put({ ...content, template, updatedAt: now() }),

    submit: (content: Content, request: TemplateSubmission): Content =>
      put({
        ...content,
        approval: { ...request, status: "received", rejection_reason: "" },
        updatedAt: now(),
      }),

    /** Looks at the approval: the first look still finds it `received`, the next one finds WhatsApp's decision. */
    look(content: Content): Content {
      if (content.approval?.status !== "received") return content;
      const count = (looks.get(content.sid) ?? 0) + 1;
      looks.set(content.sid, count);
      if (count < 2) return content;
      const reason = rejectionReason(content.template);
      const status = reason === undefined ? "approved" : "rejected";
      return put({ ...content, approval: { ...content.approval, status, rejection_reason: reason ?? "" } });
    },
  };
}
