// The table of who was bound to a channel by a code, as its migration makes it: never edited.

export const BINDINGS_TABLE = `CREATE TABLE bindings (
     address  TEXT PRIMARY KEY,
     person   TEXT NOT NULL,
     seal     TEXT NOT NULL,
     bound_at INTEGER NOT NULL
   ) STRICT;`;

/** Who has not been told yet of the address: addresses, in JSON. Of those that were bound before this column, everybody has. */
export const UNTOLD_COLUMN = "ALTER TABLE bindings ADD COLUMN untold TEXT;";
