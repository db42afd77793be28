// Whether a tunnel that did not open is the operator's to mend, or may open the next time: a service tries again then.
import { expect, it } from "vitest";
import { ConfigError, DeliveryError } from "../../src/domain/errors.ts";
import { ngrokError } from "../../src/tunnel/ngrok.ts";

it.each([
  "failed to connect session: authentication failed: the authtoken is not valid\n\nERR_NGROK_107",
  "failed to start listener: this domain is reserved for another account\n\nERR_NGROK_320",
])("what ngrok itself refuses is a matter of the settings: %j", (cause) => {
  expect(ngrokError(cause)).toBeInstanceOf(ConfigError);
  expect(ngrokError(cause).message).toMatch(/^NGROK_AUTHTOKEN: .*ngrok did not open a tunnel/);
});

it.each([
  "failed to connect session: failed to dial ngrok server: dns error",
  "Connection refused (os error 111)",
  "your account is limited to 1 simultaneous ngrok agent sessions\n\nERR_NGROK_108",
])("what may get better by itself is not: %j", (cause) => {
  const error = ngrokError(cause);
  expect(error).toBeInstanceOf(DeliveryError);
  expect(error.message).toContain("ngrok did not open a tunnel");
});
