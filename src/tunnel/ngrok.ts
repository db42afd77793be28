// Opens an ngrok tunnel to the webhook port from inside this process. The package is loaded only when it is used, and whoever uses
// it installs it beside this one: its program is 11 MB.
import type { Tunnel } from "../core/ports/tunnel.ts";
import { ConfigError } from "../domain/errors.ts";
import { installationOf } from "../domain/own-command.ts";

export interface NgrokOptions {
  readonly authtoken: string;
  /** A reserved domain; without one the address changes at every start. */
  readonly domain?: string | undefined;
}

/**
 * @param port the public listener's port on 127.0.0.1
 * @throws ConfigError when ngrok does not open the tunnel
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
    throw new ConfigError([
      `NGROK_AUTHTOKEN: ngrok did not open a tunnel (${cause}). Check the token and NGROK_DOMAIN.`,
    ]);
  }
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
