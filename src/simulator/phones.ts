// The state of each simulated phone towards the sender: joined, in session, opted out.

/** How long an inbound message keeps the conversation open, ms. Source: WhatsApp's customer service window. */
const SESSION_MS = 24 * 60 * 60 * 1000;

interface StoredPhone {
  joined: boolean;
  optedOut: boolean;
  /** Epoch ms; absent while the session is closed by hand. */
  lastInboundAt?: number;
}

export type Phones = ReturnType<typeof createPhones>;

/** All phones have joined, and their session opens now. Unknown numbers have no WhatsApp. */
export function createPhones(numbers: readonly string[], now: () => number) {
  const states = new Map<string, StoredPhone>(
    numbers.map((phone) => [phone, { joined: true, optedOut: false, lastInboundAt: now() }]),
  );

  function change(phone: string, patch: Partial<StoredPhone>): void {
    const state = states.get(phone);
    if (state !== undefined) Object.assign(state, patch);
  }

  return {
    numbers,
    exists: (phone: string): boolean => states.has(phone),
    isJoined: (phone: string): boolean => states.get(phone)?.joined === true,
    isOptedOut: (phone: string): boolean => states.get(phone)?.optedOut === true,
    inSession(phone: string): boolean {
      const last = states.get(phone)?.lastInboundAt;
      return last !== undefined && now() - last < SESSION_MS;
    },

    noteInbound: (phone: string): void => change(phone, { lastInboundAt: now() }),
    closeSession(phone: string): void {
      delete states.get(phone)?.lastInboundAt;
    },
    join: (phone: string): void => change(phone, { joined: true }),
    leave: (phone: string): void => change(phone, { joined: false }),
    optOut: (phone: string): void => change(phone, { optedOut: true }),
    optIn: (phone: string): void => change(phone, { optedOut: false }),
  };
}
