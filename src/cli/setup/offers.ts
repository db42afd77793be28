// What setup offers once the settings are there: hooks, the MCP entry, the service. A table: each row asks, and does it or not. One
// that fails is said, and stops nothing: the settings are written by then.
import { failureText } from "../failure.ts";
import { createPaint } from "../paint.ts";
import { SetupCancelled } from "./asker.ts";
import type { Offer, Offered } from "./offer.ts";
import { offerHooks } from "./offer-hooks.ts";
import { offerMcp } from "./offer-mcp.ts";
import { offerService } from "./offer-service.ts";
import type { SetupProgress, Workshop } from "./workshop.ts";

const OFFERS: readonly Offer[] = [offerHooks, offerMcp, offerService];

export async function makeOffers(
  workshop: Workshop,
  progress: SetupProgress,
): Promise<Readonly<Record<string, Offered>>> {
  const results: [string, Offered][] = [];
  for (const offer of OFFERS) results.push([offer.name, await make(offer, workshop, progress)]);
  return Object.fromEntries(results);
}

async function make(offer: Offer, workshop: Workshop, progress: SetupProgress): Promise<Offered> {
  const { asker, tell, flags } = workshop;
  const wanted = flags[offer.name];
  if (wanted === false) return "declined";
  if (!(await offer.isPossible(workshop))) {
    await offer.otherwise?.(workshop, progress);
    return "absent";
  }
  const isWanted = wanted ?? (await asker.confirm({ message: offer.question, initial: offer.initial }));
  if (!isWanted) return "declined";
  try {
    tell.good(await offer.run(workshop, progress));
    return "done";
  } catch (error) {
    if (error instanceof SetupCancelled) throw error;
    tell.bad(failureText(error, createPaint(false)).trim().replace(/^✗ /, ""));
    return "failed";
  }
}
