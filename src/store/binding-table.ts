// The table of who was bound to a channel by a code, as its migration makes it: never edited.

export const BINDINGS_TABLE = `CREATE TABLE bindings (
     address  TEXT PRIMARY KEY,
     person   TEXT NOT NULL,
     seal     TEXT NOT NULL,
     bound_at INTEGER NOT NULL
   ) STRICT;`;
