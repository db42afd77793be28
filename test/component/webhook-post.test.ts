// The simulated Twilio posting to a webhook that takes the connection and never answers.
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { createWebhookPost } from "../../src/simulator/webhook-post.ts";
import { startWebhookServer } from "../helpers/simulator-webhook.ts";
import { TOKEN } from "../helpers/simulator-world.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function postToSilence() {
  const server = await startWebhookServer();
  onTestFinished(() => server.close());
  server.answerWith(() => ({ after: new Promise(() => {}) }));
  const closing = new AbortController();
  const post = createWebhookPost({ authToken: TOKEN, closing: closing.signal });
  const settled = vi.fn();
  const result = post(server.url, { Body: "hello" }).finally(settled);
  await server.forms(1);
  return { result, settled, closing };
}

it("gives up after 15 seconds, as Twilio does", async () => {
  const { result, settled } = await postToSilence();
  await vi.advanceTimersByTimeAsync(14_999);
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await result).toEqual({
    status: 0,
    body: "",
    contentType: "",
    error: "no answer within 15000 ms",
  });
});

it("ends at once when the simulator closes", async () => {
  const { result, closing } = await postToSilence();
  closing.abort(new Error("the simulator was closed"));
  expect(await result).toMatchObject({ status: 0, error: "the simulator was closed" });
});
