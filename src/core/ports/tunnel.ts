// A way into this machine from outside, for the public listener only.

/** A way for Twilio to reach the public listener. */
export interface Tunnel {
  /** `https://…`, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}
