// Whether the ports are free, or taken by nobody but the server itself.
import { createServer } from "node:net";
import { ownCommand } from "../domain/own-command.ts";
import { type Check, type Concern, together } from "./check.ts";

export type PortUser =
  /** This server, or another one, with what is said about it. */
  | { readonly kind: "server" | "not recording" | "other token" | "another server"; readonly note?: string }
  /** Something else, or nobody answers. */
  | { readonly kind: "unknown" };

export interface PortProbe {
  /** The environment variable that sets it. */
  readonly variable: string;
  readonly host: string;
  readonly port: number;
  readonly whoAnswers: () => Promise<PortUser>;
}

/** @param ownerOf names the program that listens on a port; undefined where that cannot be told */
export function portsCheck(
  probes: readonly PortProbe[],
  ownerOf: (port: number) => Promise<string | undefined>,
): Check {
  return {
    description: "ports",
    run: async () =>
      together(
        (await Promise.all(probes.map((probe) => examine(probe, ownerOf)))).map((each) => ({
          ...each,
          isError: true,
        })),
      ),
  };
}

async function examine(
  { variable, host, port, whoAnswers }: PortProbe,
  ownerOf: (port: number) => Promise<string | undefined>,
): Promise<Concern> {
  const name = `${variable} ${port}`;
  if (port === 0) return { text: `${variable}: chosen at the start` };
  const problem = await tryToListen(host, port);
  if (problem === undefined) return { text: `${name}: free` };
  if (problem !== "EADDRINUSE") {
    return { text: `${name}: cannot be used (${problem})`, advice: `Set ${variable} to another port.` };
  }
  const user = await whoAnswers().catch((): PortUser => ({ kind: "unknown" }));
  switch (user.kind) {
    case "server":
      return { text: `${name}: the approval server is running` };
    case "not recording":
      return {
        text: `${name}: the approval server is running, but cannot record requests: nothing can be approved`,
        advice: "See its log and /health; restart it once the database can be written.",
      };
    case "other token":
      return {
        text: `${name}: an approval server is running with another APPROVAL_TOKEN`,
        advice: "Set APPROVAL_TOKEN as that server has it, or restart it.",
      };
    case "another server":
      return {
        text: `${name}: another approval server is running${user.note === undefined ? "" : `, ${user.note}`}`,
        advice: `Stop that one, or set ${variable} to another port; ${ownCommand("doctor")} looks at the settings of this folder.`,
      };
    case "unknown":
      return {
        text: `${name}: taken by another program (${(await ownerOf(port)) ?? "which one cannot be told"})`,
        advice: `Stop that program or set ${variable} to another port.`,
      };
  }
}

/** @returns the error's code; undefined when the port is free. */
function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
