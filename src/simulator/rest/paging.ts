// Pages of a list, cut by the last item seen, so that what arrives meanwhile shifts nothing.
import { z } from "zod";
import { TwilioError } from "./twilio-error.ts";

const querySchema = z.object({
  PageSize: z.coerce.number().int().min(1).max(1000).default(50),
  Page: z.coerce.number().int().min(0).default(0),
  PageToken: z.string().optional(),
});

export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly page: number;
  readonly pageSize: number;
  /** Index of the first item in the whole list. */
  readonly start: number;
  /** Queries of this page, the first one and the next one, which is absent on the last page. */
  readonly self: string;
  readonly first: string;
  readonly next?: string | undefined;
}

/**
 * Cuts one page out of `items`.
 * @param query the request's query; its filters are kept in the links to other pages.
 * @throws TwilioError 20001 for a page that cannot be.
 */
export function pageOf<Item>(
  items: readonly Item[],
  sidOf: (item: Item) => string,
  query: Readonly<Record<string, unknown>>,
): ListPage<Item> {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) throw new TwilioError(400, 20001, "Invalid page");
  const { PageSize: pageSize, Page: page, PageToken: token } = parsed.data;
  const start = token === undefined ? page * pageSize : after(items.map(sidOf), token);
  const slice = items.slice(start, start + pageSize);
  const last = slice.at(-1);
  const more = last !== undefined && start + pageSize < items.length;
  const link = (number: number, pageToken?: string) => {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (typeof value === "string" && !name.startsWith("Page")) params.set(name, value);
    }
    params.set("PageSize", String(pageSize));
    params.set("Page", String(number));
    if (pageToken !== undefined) params.set("PageToken", pageToken);
    return params.toString();
  };
  return {
    items: slice,
    page,
    pageSize,
    start,
    self: link(page, token),
    first: link(0),
    ...(more ? { next: link(page + 1, `PA${sidOf(last)}`) } : {}),
  };
}

function after(sids: readonly string[], token: string): number {
  const index = sids.indexOf(token.replace(/^PA/, ""));
  if (index < 0) throw new TwilioError(400, 20001, "Invalid page token");
  return index + 1;
}
