// The REST door alone on a free port, over a real gate and store, with the clock, the phone and the caller's token in
// the test's hands.
import express from "express";
import { onTestFinished } from "vitest";
import { createModeKeeper } from "../../src/core/mode.ts";
import { createHeldResults, type HeldResults } from "../../src/doors/held/held-results.ts";
import { setRequester } from "../../src/doors/requester.ts";
import { createRestDoor, type RestDoor } from "../../src/doors/rest/rest-door.ts";
import { listen } from "../../src/server/listener.ts";
import { createGateStage, type GateStage, type GateStageOptions } from "./gate-stage.ts";

export interface RestStage extends GateStage {
  readonly localUrl: string;
  readonly door: RestDoor;
  readonly heldResults: HeldResults;
}

/** A caller names its token in `x-test-requester`. */
export async function startRestStage(options: GateStageOptions = {}): Promise<RestStage> {
  const stage = createGateStage(options);
  const { gate, store, clock, log } = stage;
  const mode = await createModeKeeper(store, clock, log);
  const heldResults = createHeldResults(gate, clock, mode);
  const door = createRestDoor({
    gate,
    store,
    heldResults,
    clock,
    log,
    version: "0.0.0-test",
    timeoutMs: 300_000,
  });
  const app = express().use(express.json(), (req, res, next) => {
    const name = req.get("x-test-requester");
    if (name !== undefined) setRequester(res, name);
    next();
  });
  const listener = await listen("127.0.0.1", 0, "SERVER_PORT");
  listener.serve(app.use(door.router, door.onError));
  onTestFinished(async () => {
    await stage.stopStage();
    await heldResults.close();
    await listener.close();
  });
  return { ...stage, door, heldResults, localUrl: `http://127.0.0.1:${listener.port}` };
}
