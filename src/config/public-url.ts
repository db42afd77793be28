// Whether Twilio can reach an address at all, as far as the address itself tells. Pure: nothing is looked up.
import { BlockList, isIP } from "node:net";

/** Addresses that are not on the internet: private, of this machine, of a link, for examples, for many at once. */
const NOT_PUBLIC: readonly (readonly [address: string, bits: number, family: "ipv4" | "ipv6"])[] = [
  ["0.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  // Shared by the customers of a provider, and what Tailscale gives.
  ["100.64.0.0", 10, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.0.0.0", 24, "ipv4"],
  ["192.0.2.0", 24, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["198.18.0.0", 15, "ipv4"],
  ["198.51.100.0", 24, "ipv4"],
  ["203.0.113.0", 24, "ipv4"],
  ["224.0.0.0", 3, "ipv4"],
  ["::", 127, "ipv6"],
  ["100::", 64, "ipv6"],
  ["2001:db8::", 32, "ipv6"],
  ["fc00::", 7, "ipv6"],
  ["fe80::", 10, "ipv6"],
  ["fec0::", 10, "ipv6"],
  ["ff00::", 8, "ipv6"],
];
/** Endings of names that only a local network knows. */
const LOCAL_NAME = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|home\.arpa|onion)$/;
const TRY = "use the https address of your tunnel or proxy, e.g. https://example.ngrok.app";

const notPublic = new BlockList();
for (const [address, bits, family] of NOT_PUBLIC) notPublic.addSubnet(address, bits, family);

/**
 * What keeps Twilio from calling an address; undefined where nothing in it does. Never contains the address.
 * @param twilioUrl where Twilio's REST API is called instead of at Twilio: one on this machine reaches this machine
 */
export function publicUrlProblem(text: string, twilioUrl: string | undefined): string | undefined {
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    return "must not hold a user or a password: whoever reads a log would have it, and the signature proves who calls";
  }
  if (url.port === "0") return "has port 0, which nobody can call";
  if (twilioUrl !== undefined && hostProblem(new URL(twilioUrl).hostname) !== undefined) return undefined;
  if (url.protocol !== "https:")
    return `must be https: others on the way could read and change what Twilio posts; ${TRY}`;
  const problem = hostProblem(url.hostname);
  return problem && `${problem}, which Twilio cannot reach; ${TRY}`;
}

function hostProblem(hostname: string): string | undefined {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const family = isIP(host);
  if (family !== 0) {
    const isPrivate = notPublic.check(host, family === 4 ? "ipv4" : "ipv6");
    return isPrivate ? "is a private, local or reserved address" : undefined;
  }
  if (host.includes("_")) return "has a host name with an underscore (Twilio error 21609)";
  if (host.endsWith(".")) return "has a host name that ends with a dot";
  if (LOCAL_NAME.test(host)) return "has a host name that only a local network knows";
  return host.includes(".") ? undefined : "has a host name without a domain";
}
