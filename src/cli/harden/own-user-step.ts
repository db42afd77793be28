// Whether the server's files are another user's than Claude's: the one thing that keeps a command of Claude from reading .env,
// writing the record or replacing the program. Everything else on the list only makes it harder.
import type { ChannelName } from "../../domain/channel.ts";
import type { PlaceFacts } from "./places.ts";
import { shortName } from "./places.ts";
import { done, type HardenStep, notPossible, toDo } from "./step.ts";
import { linuxLines, macLines } from "./user-lines.ts";

const ROOT = 0;
const OTHERS_WRITE = 0o022;
const OTHERS_READ = 0o044;
/** With it nobody puts another file in the place of somebody else's: /tmp. */
const STICKY = 0o1000;

export interface OwnUserDeps {
  readonly agent: { readonly name: string; readonly uid: number | undefined };
  readonly facts: () => Promise<readonly PlaceFacts[]>;
  readonly platform: NodeJS.Platform;
  readonly nodePath: string;
  readonly root: string;
  readonly envFile: string;
  readonly hasTasks: boolean;
  /** Those with a real account. Default: none is known */
  readonly channels?: readonly ChannelName[] | undefined;
}

export function ownUserStep(deps: OwnUserDeps): HardenStep {
  const { agent, facts, platform } = deps;
  return {
    id: "own-user",
    title: "The server has a user of its own",
    why: "with the same user, a command that Claude runs can read .env, write the database and the policy, end the server and start another program on its port",
    async look() {
      if (agent.uid === undefined)
        return notPossible("this system has no users that could be told apart here");
      if (agent.uid === ROOT) {
        return toDo("claude runs as root: nothing on this machine is out of its reach", [
          "Run claude as an ordinary user.",
        ]);
      }
      const within = (await facts()).filter((place) => isWithinReach(place, agent.uid));
      if (within.length === 0)
        return done(`${agent.name} can neither read the secrets nor write what decides`);
      const now = within.map((place) => `${agent.name} can ${reachOf(place)} ${shortName(place)}`);
      return toDo(now, platform === "darwin" ? macLines(deps) : linuxLines(deps));
    },
  };
}

/** By its owner and the rights of all: a group counts as if Claude's user were in it. */
function isWithinReach({ kind, uid, mode }: PlaceFacts, agent: number | undefined): boolean {
  if (uid === agent) return true;
  if (kind === "steering" && (mode & STICKY) !== 0) return false;
  return (mode & (kind === "secret" ? OTHERS_READ | OTHERS_WRITE : OTHERS_WRITE)) !== 0;
}

const reachOf = ({ kind, isFolder }: PlaceFacts) =>
  kind === "secret" ? (isFolder ? "open" : "read") : "change";
