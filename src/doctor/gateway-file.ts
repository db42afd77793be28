// Whether the MCP servers behind the gate are as gateway.json wants them.
import { ownCommand } from "../domain/own-command.ts";
import { type Check, failure, ok, together } from "./check.ts";

export interface GatewayFileDeps {
  readonly path: string;
  /** Whether the configuration names it: then it must be there. */
  readonly isNamed: boolean;
  /** What the file holds, in a few words, or its problems; undefined when there is none. */
  readonly read: () =>
    | { readonly summary: string; readonly openMode?: number | undefined }
    | { readonly problems: readonly string[] }
    | undefined;
  /** What the running server says is wrong with them; undefined where none runs. */
  readonly running: () => Promise<readonly string[] | undefined>;
  /** As it is typed. */
  readonly closeCommand: string;
  /** Makes the file its owner's alone. */
  readonly close: () => Promise<void>;
}

export function gatewayFileCheck(deps: GatewayFileDeps): Check {
  const { path, isNamed, read, running, closeCommand, close } = deps;
  const look = ownCommand("gateway check");
  return {
    description: "gateway",
    async run() {
      const found = read();
      if (found === undefined) {
        return isNamed
          ? failure(`${path} does not exist`, "Create it, or unset GATEWAY_CONFIG.")
          : ok("no gateway.json: no other MCP server is behind the gate");
      }
      if ("problems" in found)
        return failure(
          `${path} is wrong:\n${found.problems.join("\n")}`,
          `Correct it: the server does not start with it, and a running one keeps what it had. See it again with: ${look}`,
        );
      const { summary, openMode } = found;
      const isOpen = openMode !== undefined;
      const fix = async () => {
        await close();
        return [`made ${path} readable by its owner only`];
      };
      return together(
        [
          { text: `${path}: ${summary}` },
          ...(isOpen
            ? [
                {
                  text: `other users of this machine may read it, and what tokens it holds (mode ${openMode.toString(8)})`,
                  advice: `Run: ${closeCommand}`,
                },
              ]
            : []),
          ...((await running()) ?? []).map((text) => ({ text, advice: `Look at it with: ${look}` })),
        ],
        isOpen ? fix : undefined,
      );
    },
  };
}
