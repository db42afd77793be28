// One stream for both outputs of a program, so that what it says comes in the order in which it said it: with a pipe for each,
// an error would stand before or behind the lines that explain it.
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "../core/once.ts";

export interface JoinedOutput {
  /** What is read. It ends when nobody holds the other end any more. */
  readonly from: Socket;
  /** What the program gets as both of its outputs; to be destroyed once it has it. */
  readonly to: Socket;
}

/** @throws the system's error */
export async function openJoinedOutput(): Promise<JoinedOutput> {
  // A short path: the name of a socket may have about a hundred characters. Nobody else can enter the folder.
  const folder = await mkdtemp(join(tmpdir(), "out-"));
  const server = createServer();
  try {
    return await new Promise<JoinedOutput>((resolve, reject) => {
      const fail = once(reject);
      server.on("error", fail);
      server.listen(join(folder, "o"), () => {
        const to = connect(join(folder, "o"));
        to.on("error", fail);
        const ready = Promise.all([
          new Promise<Socket>((taken) => server.once("connection", taken)),
          new Promise<void>((connected) => to.once("connect", connected)),
        ]);
        ready.then(([from]) => resolve({ from, to }), fail);
      });
    });
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}
