// What the phone reads when a tap came while nobody could take it. Product text.

/** A tap is read afterwards by its title only: which request it was for is not known, only that it came to nothing. */
export const LATE_TAP_TEXT = "Your tap came while the approval server was restarting: nothing ran.";
