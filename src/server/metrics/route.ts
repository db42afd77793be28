// `GET /metrics` in the text format of Prometheus: the counts of this server, and those of its process.
import { type RequestHandler, Router } from "express";
import type { Registry } from "prom-client";

const METRICS_PATH = "/metrics";
/** How often the event loop's delay is looked at, ms. The package's own 10 would wake an idle machine 100 times a second. */
const DELAY_PRECISION_MS = 100;

/** Of the process, however many servers it has; none before the first scrape. */
let processRegistry: Registry | undefined;

export async function processMetrics(): Promise<Registry> {
  // The whole package: what it counts of a process brings more than all the rest of it.
  const { collectDefaultMetrics, Registry } = await import("prom-client");
  if (processRegistry === undefined) {
    processRegistry = new Registry();
    collectDefaultMetrics({
      register: processRegistry,
      eventLoopMonitoringPrecision: DELAY_PRECISION_MS,
    });
  }
  return processRegistry;
}

export function metricsRoute(registry: Registry): RequestHandler {
  const router = Router();
  router.get(METRICS_PATH, async (_req, res) => {
    const ofProcess = await processMetrics();
    const { Registry } = await import("prom-client");
    const text = await Registry.merge([registry, ofProcess]).metrics();
    res.type(Registry.PROMETHEUS_CONTENT_TYPE).send(text);
  });
  return router;
}
