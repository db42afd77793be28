// A bot of Telegram: how to make one, and what Telegram says of its token.
import { z } from "zod";
import { failureOf, TelegramError } from "../../channels/telegram/api/api-error.ts";
import { createTelegramApi } from "../../channels/telegram/api/client.ts";
import { toDeliveryError } from "../../channels/telegram/api/error-table.ts";
import { nameOfUser } from "../../channels/telegram/receive/reader.ts";
import { userSchema } from "../../channels/telegram/receive/update.ts";
import { botToken } from "../../config/channel-values.ts";
import { DeliveryError } from "../../domain/errors.ts";
import type { Platform, PlatformAccess } from "./platform.ts";
import { quotedName } from "./shown-chat.ts";

const AGAIN = "Copy it once more from @BotFather: /mybots, then the bot, then API Token.";
const TOKEN = /\d{5,20}:[A-Za-z0-9_-]{20,100}/;

const meSchema = z.object({ first_name: z.string(), username: z.string().regex(/^\w{3,64}$/) });
const webhookSchema = z.object({ url: z.string() });

export const telegramPlatform: Platform = {
  key: "bot-token",
  setting: "TELEGRAM_BOT_TOKEN",
  baseUrl: "TELEGRAM_BASE_URL",
  title: "the bot's token",
  question: "The bot's token (it is not shown)",
  how: [
    "A bot of your own will write to you. In Telegram, open the chat with @BotFather (https://t.me/BotFather), press Start, and write /newbot to it.",
    "It asks for a name, which is what you will see, for example Approvals; and for a username, which has to end in bot and to be new, for example ann_approvals_bot.",
    "Then it shows the token: digits, a colon, letters. Copy all of it. It is as good as a password: whoever has it reads what you write to the bot, and writes as the bot.",
    "Use a bot that no other program uses. The token of one that you have: /mybots, then the bot, then API Token.",
  ],
  read: (text) => TOKEN.exec(text)?.[0] ?? text,
  formProblem(secret) {
    if (botToken.safeParse(secret).success) return undefined;
    if (/^@?\w+bot$/i.test(secret)) return `This is the bot's name, not its token. ${AGAIN}`;
    if (/^[0-9a-f]{32}$/i.test(secret))
      return `This looks like an api_hash, which is for apps, not for bots. ${AGAIN}`;
    return `A bot's token is digits, a colon and at least 20 letters, digits, - or _. ${AGAIN}`;
  },
  endsReader: false,
  async ask(access) {
    let me: z.infer<typeof meSchema>;
    try {
      me = await whoIs(access);
    } catch (error) {
      const { kind, code } = failureOf(error);
      if (kind === "refused" && (code === 401 || code === 404))
        return { kind: "wrong", problem: `Telegram knows no bot with this token. ${AGAIN}` };
      throw lookError(error);
    }
    await assertNoWebhook(access);
    return { kind: "known", says: `Telegram accepts the token: it is the bot ${nameOf(me)}.` };
  },
  async nameOf({ secret, signal, ...access }, user) {
    const api = createTelegramApi({ ...access, token: secret });
    return nameOfUser(userSchema.parse(await api.call("getChat", { chat_id: user }, { signal })));
  },
  async chat(access) {
    try {
      // The code is not in the link: browsers and terminals keep links.
      const link = `https://t.me/${(await whoIs(access)).username}`;
      return {
        how: "Open the bot's chat: point your phone's camera at the square, or open the link on it. Press Start there.",
        link,
      };
    } catch (error) {
      throw lookError(error);
    }
  },
};

/** The table's words of what is unclear are about messages. */
function lookError(error: unknown): DeliveryError {
  const { kind, code } = failureOf(error);
  if (kind === "not-sent" || code === 409) return toDeliveryError(error);
  const answer =
    code === undefined
      ? "could not be reached, or did not answer in time"
      : `answered with the error ${code}`;
  return new DeliveryError(
    `Telegram ${answer}.`,
    "Check this computer's network, and try again in a minute.",
  );
}

async function whoIs({ secret, signal, ...access }: PlatformAccess) {
  const api = createTelegramApi({ ...access, token: secret });
  const me = meSchema.safeParse(await api.call("getMe", {}, { signal }));
  if (!me.success) throw new TelegramError("getMe", { kind: "unknown" });
  return me.data;
}

/** With one, nothing can be read here; that another program reads is known only once both do. @throws DeliveryError */
async function assertNoWebhook({ secret, signal, ...access }: PlatformAccess): Promise<void> {
  const api = createTelegramApi({ ...access, token: secret });
  try {
    const found = webhookSchema.safeParse(await api.call("getWebhookInfo", {}, { signal }));
    if (found.success && found.data.url !== "")
      throw new TelegramError("getUpdates", { kind: "refused", code: 409, description: "webhook" });
  } catch (error) {
    throw lookError(error);
  }
}

function nameOf({ first_name, username }: z.infer<typeof meSchema>): string {
  return `@${username} (${quotedName(first_name)})`;
}
