// The part of Twilio's SDK that the server calls, each call of which loads the SDK first: it is a third of what all packages take,
// and a server that has nothing to say needs none of it.
import { DeliveryError } from "../../domain/errors.ts";
import { credentialsOf, type TwilioClientOptions } from "./client-options.ts";
import type { createTwilioClient, TwilioClient } from "./twilio-client.ts";

type Contents = TwilioClient["content"]["v1"]["contents"];
type TypingIndicator = TwilioClient["messaging"]["v2"]["typingIndicator"];

/** The SDK's client, as far as it is used. */
export interface LateClient {
  readonly messages: Pick<TwilioClient["messages"], "create" | "list" | "page" | "getPage">;
  readonly content: { readonly v1: { readonly contents: LateContents } };
  readonly messaging: { readonly v2: { readonly typingIndicator: Pick<TypingIndicator, "create"> } };
  readonly api: { readonly baseUrl: string };
  readonly request: TwilioClient["request"];
}

type LateContents = Pick<Contents, "list" | "create"> & ((sid: string) => LateContent);
type LateContent = {
  readonly remove: () => Promise<boolean>;
  readonly approvalCreate: Pick<ReturnType<Contents>["approvalCreate"], "create">;
  readonly approvalFetch: () => {
    readonly fetch: () => ReturnType<ReturnType<ReturnType<Contents>["approvalFetch"]>["fetch"]>;
  };
};

/** Of the SDK's, by test. */
const API_ORIGIN = "https://api.twilio.com";

export type LoadClient = () => Promise<{ readonly createTwilioClient: typeof createTwilioClient }>;

/**
 * Nothing is loaded yet, and nothing is sent. Each call rejects with a DeliveryError where the SDK cannot be loaded.
 * @throws ConfigError as createTwilioClient does
 */
export function createLateClient(options: TwilioClientOptions, load: LoadClient): LateClient {
  credentialsOf(options);
  let made: TwilioClient | undefined;

  async function client(): Promise<TwilioClient> {
    const found = await load().catch((error: unknown) => {
      const advice = error instanceof Error ? error.message : String(error);
      throw new DeliveryError("What talks to Twilio could not be loaded.", advice, undefined, {
        cause: error,
      });
    });
    made ??= found.createTwilioClient(options);
    return made;
  }

  const contents = async () => (await client()).content.v1.contents;
  const content = (sid: string): LateContent => ({
    remove: async () => (await contents())(sid).remove(),
    approvalCreate: late(async () => (await contents())(sid).approvalCreate, "create"),
    approvalFetch: () => ({ fetch: async () => (await contents())(sid).approvalFetch().fetch() }),
  });
  return {
    messages: late(async () => (await client()).messages, "create", "list", "page", "getPage"),
    content: { v1: { contents: Object.assign(content, late(contents, "list", "create")) } },
    messaging: {
      v2: { typingIndicator: late(async () => (await client()).messaging.v2.typingIndicator, "create") },
    },
    api: { baseUrl: API_ORIGIN },
    ...late(client, "request"),
  };
}

/** Methods of something that is not there yet, each of which answers with a promise anyway. */
function late<T, Name extends keyof T & string>(
  of: () => Promise<T>,
  ...names: readonly Name[]
): Pick<T, Name> {
  const methods = names.map((name) => {
    const call = async (...args: readonly unknown[]): Promise<unknown> => {
      const owner = await of();
      return (owner[name] as (...all: readonly unknown[]) => unknown).call(owner, ...args);
    };
    return [name, call];
  });
  return Object.fromEntries(methods) as Pick<T, Name>;
}
