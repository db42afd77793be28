// The server's mode over a restart. Both methods may reject: the disk can be full.
import type { ServiceMode } from "../../domain/service-mode.ts";

export interface ModeStore {
  /** The mode as it was set last; `open` at first. */
  serviceMode(): Promise<ServiceMode>;
  setServiceMode(mode: ServiceMode): Promise<void>;
}
