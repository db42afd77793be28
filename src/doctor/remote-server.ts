// Whether the server that APPROVAL_URL names takes this machine's token, and can be trusted with it.
import { type Check, failure, ok } from "./check.ts";

export type RemoteAnswer =
  | { readonly kind: "answers"; readonly version: string | undefined }
  /** `message` is a whole sentence. */
  | { readonly kind: "fails"; readonly message: string; readonly advice: string };

/** @param ask never rejects */
export function remoteServerCheck(url: string, ask: () => Promise<RemoteAnswer>): Check {
  return {
    description: "remote server",
    async run() {
      const answer = await ask();
      if (answer.kind === "fails") return failure(answer.message, answer.advice);
      return ok(`${url} answers${answer.version === undefined ? "" : `, version ${answer.version}`}`);
    },
  };
}
