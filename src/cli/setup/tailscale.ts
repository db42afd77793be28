// Whether Tailscale Funnel makes a port of this machine public, as its own program tells. Only looks: nothing is started.

import { z } from "zod";
import { parsedUrl } from "../../domain/parsed-url.ts";
import type { RunProgram } from "./programs.ts";

export type FoundFunnel =
  /** It leads to our port. */
  | { readonly kind: "on"; readonly url: string }
  /** Tailscale runs here, and Funnel would have this address. */
  | { readonly kind: "off"; readonly url: string };

const statusSchema = z.object({
  BackendState: z.string().optional(),
  Self: z.object({ DNSName: z.string() }).nullish(),
});
const funnelSchema = z.object({
  Web: z
    .record(
      z.string(),
      z.object({ Handlers: z.record(z.string(), z.looseObject({ Proxy: z.string().optional() })).nullish() }),
    )
    .nullish(),
  AllowFunnel: z.record(z.string(), z.boolean()).nullish(),
});

/** @param port the one that Twilio must reach @returns undefined where there is no Tailscale that runs */
export async function findFunnel(run: RunProgram, port: number): Promise<FoundFunnel | undefined> {
  const status = parsed(statusSchema, await run("tailscale", ["status", "--json"]));
  const name = status?.Self?.DNSName.replace(/\.$/, "");
  if (status?.BackendState !== "Running" || !name || !/^[a-z0-9.-]+$/i.test(name)) return undefined;
  const funnel = parsed(funnelSchema, await run("tailscale", ["funnel", "status", "--json"]));
  for (const [place, { Handlers: handlers }] of Object.entries(funnel?.Web ?? {})) {
    if (funnel?.AllowFunnel?.[place] !== true) continue;
    for (const [path, { Proxy: target }] of Object.entries(handlers ?? {})) {
      if (target !== undefined && isPort(target, port)) return { kind: "on", url: addressOf(place, path) };
    }
  }
  return { kind: "off", url: `https://${name}` };
}

/** The line that turns it on, as it is typed. */
export function funnelCommand(port: number): string {
  return `tailscale funnel --bg ${port}`;
}

function isPort(target: string, port: number): boolean {
  if (parsedUrl(target) === undefined) return false;
  const url = new URL(target);
  return (
    url.port === String(port) &&
    ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname) &&
    url.pathname === "/"
  );
}

/** @param place `host:443` */
function addressOf(place: string, path: string): string {
  return `https://${place.replace(/:443$/, "")}${path.replace(/\/$/, "")}`;
}

function parsed<S extends z.ZodType>(
  schema: S,
  result: Awaited<ReturnType<RunProgram>>,
): z.output<S> | undefined {
  if (result === undefined || !result.ok) return undefined;
  try {
    return schema.parse(JSON.parse(result.stdout));
  } catch {
    return undefined;
  }
}
