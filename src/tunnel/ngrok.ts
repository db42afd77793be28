// Opens an ngrok tunnel to the webhook port from inside this process. The package is loaded only when it is used.
import type { Tunnel } from "../core/ports/tunnel.ts";
import { ConfigError } from "../domain/errors.ts";

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
  const { forward } = await import("@ngrok/ngrok");
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
