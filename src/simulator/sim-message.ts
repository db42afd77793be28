// A message of the simulated WhatsApp, as the phone and the tests see it.

export interface SimButton {
  readonly id: string;
  readonly title: string;
  /** List-picker items only. */
  readonly description?: string | undefined;
}

/** One bubble of the chat. */
export interface SimMessage {
  readonly sid: string;
  readonly direction: "to-phone" | "from-phone";
  /** The phone's number, E.164. */
  readonly phone: string;
  /** The body after substitution, as WhatsApp shows it (markup still in it). */
  readonly body: string;
  readonly buttons: readonly SimButton[];
  /** Set for a list-picker: the words on the button that opens the list. `buttons` are then its items. */
  readonly listButton?: string | undefined;
  /** For to-phone: Twilio's status. From-phone: always `received`. */
  readonly status: "queued" | "sent" | "delivered" | "read" | "failed" | "undelivered" | "received";
  readonly errorCode?: number | undefined;
  /** The message that this one quotes or whose button was tapped. */
  readonly quotes?: string | undefined;
  /** For from-phone messages made by a tap: the button's id. */
  readonly buttonId?: string | undefined;
  /** For from-phone messages: whether the other side has marked it as read. */
  readonly isRead?: boolean | undefined;
  /** Epoch ms. */
  readonly at: number;
}
