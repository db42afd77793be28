// What an earlier run has left parked: waits on, or is ended and said. What may have been started is never started again, and what
// another hand has written to is not waited for.
import type { KeptParked } from "../core/ports/parked-store.ts";
import { createSafeInspection } from "../core/safe-inspection.ts";
import type { Outcome } from "../domain/approval.ts";
import type { ParkedEnd } from "../domain/parked-notice.ts";
import { taskFolderAt } from "../domain/task-folder.ts";
import type { ParkedDeps } from "./contract.ts";
import type { Keeper } from "./keeper.ts";
import { readParked } from "./parked-row.ts";
import type { ParkedTelling } from "./tell.ts";

const RESTART: Outcome = { status: "cancelled", cause: "restart" };

/** Never rejects. */
export async function takeOver(deps: ParkedDeps, keeper: Keeper, tell: ParkedTelling): Promise<void> {
  const { store, clock, log } = deps;
  const inspect = createSafeInspection(deps.inspector, clock, log);
  const rows = await store.parked().catch((error: unknown) => {
    log.error({ err: error }, "the parked requests could not be read");
    return [];
  });

  async function take(row: KeptParked): Promise<void> {
    const { id, status } = row;
    const request = readParked(row, deps.secrets);
    const folder = taskFolderAt(deps.folders, request?.parking.folder);
    const end = (how?: ParkedEnd) => close(row, how, folder?.name ?? "its folder");
    if (status === "approved") return end(row.startedAt === undefined ? "stopped-before" : "stopped-during");
    if (status !== "pending") return end();
    // One that was decided, and whose row was set back, would have its old approval counted again.
    if (request === undefined || !(await store.isAsDecided(id))) {
      log.error({ id }, "a parked request was changed from outside, or sealed with another key: it ends");
      return end("changed");
    }
    if (request.expiresAt <= clock.now()) {
      await store.settle(id, { status: "expired" }, clock.now());
      return end();
    }
    if (deps.times === undefined || folder === undefined) return end("dropped");
    const inspection = await inspect(request.call, request.parking.folder);
    keeper.reopen(request, inspection);
    log.info({ id }, "a parked request waits on");
  }

  async function close({ id, status }: KeptParked, how: ParkedEnd | undefined, name: string): Promise<void> {
    if (status === "pending") await store.settle(id, RESTART, clock.now());
    if ((await store.endParked(id, clock.now())) && how !== undefined) void tell.ended(id, name, how);
  }

  for (const row of rows) {
    await take(row).catch((error: unknown) => {
      log.error({ id: row.id, err: error }, "a parked request could not be taken over");
    });
  }
}
