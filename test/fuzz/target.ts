// What a target of the fuzzer is: where hostile input comes in, what it may look like, and what must hold whatever it is.
import type fc from "fast-check";

/** A target that is ready: what it needs is open. */
export type Opened<Input> = Parts<Input> & (Checks<Input> | WaitingChecks<Input>);

interface Checks<Input> {
  readonly waits?: never;
  /** @throws when something that must hold does not; what it throws is shown with the smallest input that does it */
  check(input: Input): void;
}

interface WaitingChecks<Input> {
  readonly waits: true;
  /** Rejects where `check` of the others throws. */
  check(input: Input): Promise<void>;
}

interface Parts<Input> {
  readonly input: fc.Arbitrary<Input>;
  /** Inputs that grow, for `--growth`: where twice the size costs far more than twice the time, a text can hold up the server. */
  readonly growth?: readonly Growth[];
  close?(): Promise<void>;
}

interface Growth {
  readonly name: string;
  /** Some ten thousands UTF-16 units, or how many of whatever is repeated: the smallest of the sizes. */
  readonly from: number;
  /** Does the work for an input of this size. */
  run(size: number): unknown;
}

export interface Target {
  readonly name: string;
  /** What it tries, in a few words. */
  readonly about: string;
  /** Its part of the cases of a run over all targets: many where a case costs little. */
  readonly share: number;
  open(): Promise<Opened<unknown>>;
}

/** @param open of any type of input: the runner only hands through what `input` has made */
export function target<Input>(
  name: string,
  about: string,
  share: number,
  open: () => Opened<Input> | Promise<Opened<Input>>,
): Target {
  return { name, about, share, open: async () => (await open()) as Opened<unknown> };
}
