import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { ConfigError } from "../../src/domain/errors.ts";
import { type Listener, listen, portError } from "../../src/server/listener.ts";
import { openPhoneLink } from "../../src/server/phone-link.ts";
import { packageRoot, systemClock } from "../../src/server/system.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

const HOST = "127.0.0.1";

async function open(): Promise<Listener & { readonly url: string }> {
  const listener = await listen(HOST, 0, "SERVER_PORT");
  onTestFinished(() => listener.close());
  return { ...listener, url: `http://${HOST}:${listener.port}` };
}

/** A port that another program has. */
async function takePort(): Promise<number> {
  const other = createServer().listen(0, HOST);
  await once(other, "listening");
  onTestFinished(() => void other.close());
  return (other.address() as AddressInfo).port;
}

describe("a listener", () => {
  it("has its port at once, and answers 503 until the program behind it is ready", async () => {
    const { url, port, serve } = await open();
    expect(port).toBeGreaterThan(0);
    const early = await fetch(`${url}/mcp`, { method: "POST", body: "{}" });
    expect([early.status, early.headers.get("retry-after")]).toEqual([503, "1"]);
    serve((req, res) => res.end(`served ${req.url}`));
    expect(await (await fetch(`${url}/health`)).text()).toBe("served /health");
  });

  it("breaks what is still open when it closes, and is gone then", async () => {
    const listener = await open();
    const idle = connect(listener.port, HOST);
    await once(idle, "connect");
    const hanging = new Promise<void>((resolve) => listener.serve(() => resolve()));
    const answer = fetch(listener.url).catch(() => "broken");
    await hanging;
    const gone = once(idle.resume(), "close");
    await listener.close();
    expect(await answer).toBe("broken");
    await gone;
    await expect(fetch(listener.url)).rejects.toThrow();
  });

  it("may be closed twice", async () => {
    const listener = await open();
    await listener.close();
    await expect(listener.close()).resolves.toBeUndefined();
  });

  it("refuses a taken port with the variable to change", async () => {
    const port = await takePort();
    const failed = listen(HOST, port, "WEBHOOK_PORT");
    await expect(failed).rejects.toBeInstanceOf(ConfigError);
    await expect(failed).rejects.toMatchObject({
      problems: [
        expect.stringMatching(`^WEBHOOK_PORT: port ${port} on ${HOST} is taken by another program\\.`),
      ],
    });
  });

  it("refuses an address that this machine does not have", async () => {
    const failed = listen("203.0.113.1", 0, "SERVER_PORT");
    await expect(failed).rejects.toBeInstanceOf(ConfigError);
    await expect(failed).rejects.toMatchObject({
      problems: [expect.stringMatching(/^HOST: 203\.0\.113\.1 is not an address of this machine\./)],
    });
  });

  it.each<[string, string]>([
    ["EADDRNOTAVAIL", "HOST: "],
    ["ENOTFOUND", "HOST: "],
    ["EADDRINUSE", "SERVER_PORT: "],
    ["EACCES", "SERVER_PORT: "],
  ])("of an error %s names the variable to change: %s", (code, variable) => {
    const { problems } = portError("SERVER_PORT", "my-machine", 80, Object.assign(new Error("x"), { code }));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.startsWith(variable)).toBe(true);
    expect(problems[0]).toContain("my-machine");
  });
});

describe("the simulated phone", () => {
  it("refuses a taken port with the variable to change", async () => {
    const port = await takePort();
    const opened = openPhoneLink(parseConfig({ SIMULATOR_PORT: String(port) }), {
      clock: systemClock,
      log: createKeptLog(),
      root: packageRoot(),
      home: { folder: packageRoot() },
      webhookUrl: `http://${HOST}:1/twilio-webhook`,
      hasWebhook: true,
      contentSids: {},
      store: { templates: async () => [], recordTemplate: async () => {} },
    });
    await expect(opened).rejects.toBeInstanceOf(ConfigError);
    await expect(opened).rejects.toMatchObject({
      problems: [
        expect.stringMatching(`^SIMULATOR_PORT: port ${port} on ${HOST} is taken by another program\\.`),
      ],
    });
  });
});
