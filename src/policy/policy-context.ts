// What a policy has to know about the machine that it applies to.
import type { HostPaths } from "../shell/protected-file.ts";

export interface PolicyContext extends HostPaths {
  /** Where a path leads once links are followed; see `realPath` in shell/real-path.ts, which tests stand in for. */
  readonly realPath: (path: string) => string | undefined;
}
