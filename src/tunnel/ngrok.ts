// Opens an ngrok tunnel to the webhook port from inside this process. The package is loaded only when it is used, and whoever uses
// it installs it beside this one: its program is 11 MB.
import type { Tunnel } from "../core/ports/tunnel.ts";
import { ConfigError, DeliveryError } from "../domain/errors.ts";
import { installationOf } from "../domain/own-command.ts";

export interface NgrokOptions {
  readonly authtoken: string;
  /** A reserved domain; without one the address changes at every start. */
  readonly domain?: string | undefined;
}

/**
 * @param port the public listener's port on 127.0.0.1
 * @throws ConfigError when ngrok refuses to open the tunnel; DeliveryError when it cannot be reached
 */
export async function openNgrok({ authtoken, domain }: NgrokOptions, port: number): Promise<Tunnel> {
  const { forward } = await loadNgrok();
  try {
    const listener = await forward({
      addr: `127.0.0.1:${port}`,
      authtoken,
      ...(domain === undefined ? {} : { domain }),
    });
    const url = listener.url();
    if (url === null) throw new Error("ngrok gave no address");
    return { url, close: () => listener.close() };
  } catch (error) {
    const cause = (error instanceof Error ? error.message : String(error)).replaceAll(authtoken, "…");
    throw ngrokError(cause);
  }
}

/** Another session of the account is still open: after a crash, ngrok notices only in a while that the old one is gone. */
const SESSION_LIMIT = "ERR_NGROK_108";

/**
 * What has to be changed where ngrok itself refuses; without a code of its own it was not reached, which may get better by itself.
 * @param cause what its package says, without the token
 */
export function ngrokError(cause: string): ConfigError | DeliveryError {
  const said = `ngrok did not open a tunnel (${cause}).`;
  return /ERR_NGROK_\d+/.test(cause) && !cause.includes(SESSION_LIMIT)
    ? new ConfigError([`NGROK_AUTHTOKEN: ${said} Check the token and NGROK_DOMAIN.`])
    : new DeliveryError(
        said,
        "Check that this machine reaches the internet, and that no other ngrok runs with this token.",
      );
}

async function loadNgrok(): Promise<typeof import("@ngrok/ngrok")> {
  try {
    return await import("@ngrok/ngrok");
  } catch (error) {
    const cause = error instanceof Error ? error.message.split("\n")[0] : String(error);
    const install =
      installationOf(import.meta.url) === "installed" ? "npm install -g @ngrok/ngrok" : "npm install";
    throw new ConfigError([
      `NGROK_AUTHTOKEN: the package @ngrok/ngrok, which opens the tunnel, cannot be loaded (${cause}). Run: ${install}; or set PUBLIC_URL to an address that you have.`,
    ]);
  }
}
