// An agent of WhatsApp's Agent Platform: how to make one, and what the platform says of its key.
import { AgentError } from "../../channels/whatsapp-agent/api/agent-error.ts";
import type { AnswerKind } from "../../channels/whatsapp-agent/api/answers.ts";
import { createAgentClient } from "../../channels/whatsapp-agent/api/client.ts";
import { createAgentLimiter } from "../../channels/whatsapp-agent/api/limiter.ts";
import { agentKey, botToken } from "../../config/channel-values.ts";
import { DeliveryError } from "../../domain/errors.ts";
import type { Platform } from "./platform.ts";

const WHERE = "WhatsApp → Settings → Agents → the agent's chat → Chat info → API key";
const AGAIN = `Copy it once more: ${WHERE}. A new key there makes the old one worthless.`;

export const agentPlatform: Platform = {
  key: "agent-key",
  setting: "WHATSAPP_AGENT_KEY",
  baseUrl: "WHATSAPP_AGENT_BASE_URL",
  title: "the agent's key",
  question: "The agent's API key (it is not shown)",
  how: [
    "An agent of your own will write to you. On your main phone, open WhatsApp → Settings → Agents → Create an agent, and give it a name. Where there is no menu Agents, this WhatsApp does not have the beta yet, and nothing here can change that: press Ctrl-C, run setup again, and take another way.",
    "Then open the agent's chat, its Chat info, and API key there. Copy the key. It is as good as a password: whoever has it reads what you write to the agent, and writes as the agent.",
    "Use an agent that no other program uses: it has one reader at a time.",
  ],
  read: (text) => text,
  formProblem(secret) {
    if (botToken.safeParse(secret).success) return `This is the token of a bot in Telegram. ${AGAIN}`;
    if (/^AC[0-9a-f]{32}$/i.test(secret)) return `This is the SID of an account at Twilio. ${AGAIN}`;
    if (agentKey.safeParse(secret).success) return undefined;
    return /\s/.test(secret)
      ? `An agent's key has no blanks in it. ${AGAIN}`
      : `An agent's key has at least 8 letters, digits and signs. ${AGAIN}`;
  },
  endsReader: true,
  async ask({ secret: key, baseUrl, clock, fetch, signal }) {
    const closing = new AbortController();
    const limiter = createAgentLimiter(clock);
    try {
      const client = createAgentClient({ key, baseUrl, clock, fetch, limiter, closing: closing.signal });
      await client.check(signal);
      return { kind: "known", says: "WhatsApp accepts the agent's key." };
    } catch (error) {
      if (error instanceof AgentError && error.kind === "bad-key")
        return { kind: "wrong", problem: `WhatsApp knows no agent with this key. ${AGAIN}` };
      throw lookError(error);
    } finally {
      closing.abort();
    }
  },
  // Its polls alone tell it, and those are the server's.
  nameOf: async () => undefined,
  chat: async () => ({
    how: "Open the agent's chat in WhatsApp, on the phone that has made it.",
  }),
};

/** Of the others, the words are about messages. */
const SAID_AS_IT_IS: readonly AnswerKind[] = ["replaced", "not-connected", "not-trusted"];

function lookError(error: unknown): unknown {
  if (!(error instanceof AgentError) || SAID_AS_IT_IS.includes(error.kind)) return error;
  const answer =
    error.status === undefined
      ? "could not be reached, or did not answer in time"
      : `answered with HTTP ${error.status}`;
  return new DeliveryError(
    `WhatsApp's Agent Platform ${answer}.`,
    "Check this computer's network, and try again in a minute.",
  );
}
