// What the phone answers to a gesture for something that it does not show.

/** The message, button or phone is not there to be tapped or quoted. */
export class NotOnPhoneError extends Error {
  constructor(what: string) {
    super(`${what} is not on the phone`);
    this.name = "NotOnPhoneError";
  }
}
