// Whether the address that Twilio posts to leads to this very server, and whether it takes what is signed for that address.
// Tried from here, which is not where Twilio is.
import { ownCommand } from "../domain/own-command.ts";
import { type Check, type CheckResult, failure, ok, skipped, warning } from "./check.ts";

/** What a GET of the address came to. */
export type AddressAnswer =
  | { readonly kind: "this server" | "another server" | "something else" }
  | { readonly kind: "redirect" | "unreachable" | "status"; readonly note: string };

export interface PublicAddress {
  readonly webhookUrl: string;
  /** Asks the address for the proof that the local listener gives. Never rejects. */
  readonly ask: () => Promise<AddressAnswer>;
  /** Posts something harmless, signed as Twilio would; what the answer's status is. @throws when there is none */
  readonly postSigned: () => Promise<number>;
}

export interface PublicAddressDeps {
  /** What is known of it: for a tunnel only while the server runs. */
  readonly find: () => Promise<PublicAddress | { readonly none: string }>;
  /** Whether Twilio has refused the auth token: then what it signs is rightly refused. Never rejects. */
  readonly isTokenRefused: () => Promise<boolean>;
  /** Whether the server runs on this machine: without it nothing can answer. */
  readonly isRunning: () => Promise<boolean>;
}

export function publicAddressChecks({ find, isRunning, isTokenRefused }: PublicAddressDeps): Check[] {
  let address: Promise<CheckResult> | undefined;
  const look = async (): Promise<CheckResult> => {
    const found = await find();
    if ("none" in found) return ok(found.none);
    return resultOf(found.webhookUrl, await found.ask(), await isRunning());
  };
  return [
    {
      description: "public address",
      run: () => {
        address = look();
        return address;
      },
    },
    {
      description: "signature",
      async run() {
        const found = await find();
        if ("none" in found) return ok("not needed: nothing is posted here");
        if ((await (address ?? look())).status !== "ok") {
          return skipped("not tried: the address does not lead to this server");
        }
        if (await isTokenRefused()) return skipped("not tried: the auth token is not the account's");
        return signatureResult(found.webhookUrl, await found.postSigned());
      },
    },
  ];
}

function resultOf(url: string, answer: AddressAnswer, isRunning: boolean): CheckResult {
  if (isRunning && answer.kind === "this server") {
    return ok(`${url} leads to this server (tried from this machine; Twilio's way may differ)`);
  }
  const problem = problemText(url, answer);
  if (!isRunning) {
    if (answer.kind !== "another server") {
      return skipped("not tried: no server with these settings runs on this machine");
    }
    return warning(
      `${problem}; none with these settings runs on this machine`,
      `Start it with ${ownCommand("start")}, then try again.`,
    );
  }
  return answer.kind === "another server"
    ? failure(
        problem,
        "Stop that server, or point the tunnel or proxy of PUBLIC_URL to WEBHOOK_PORT on this machine.",
      )
    : failure(problem, "Point the tunnel or proxy of PUBLIC_URL to WEBHOOK_PORT on this machine.");
}

function problemText(url: string, answer: AddressAnswer): string {
  switch (answer.kind) {
    case "this server":
      return `${url} answers`;
    case "another server":
      return `${url} leads to an approval server, but not to this one`;
    case "something else":
      return `${url} leads to something else`;
    case "redirect":
      return `${url} redirects, which Twilio does not follow with its signature`;
    case "status":
      return `${url} answers with HTTP ${answer.note}`;
    case "unreachable":
      return `${url} cannot be reached (${answer.note})`;
  }
}

function signatureResult(url: string, status: number): CheckResult {
  if (status >= 200 && status < 300) return ok("what is signed for that address is taken");
  if (status === 403) {
    return failure(
      `the running server refuses what is signed for ${url} (403): it has another PUBLIC_URL or TWILIO_AUTH_TOKEN`,
      "Restart it, so that it reads the settings anew; its log names the address that it verifies against.",
    );
  }
  return failure(
    `a signed POST to ${url} is answered with HTTP ${status}`,
    "Let the proxy or tunnel pass POST on as it comes, with its body and headers.",
  );
}
