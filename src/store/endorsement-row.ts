// The table of approvals that wait for those of further people.
export const ENDORSEMENTS_TABLE = `CREATE TABLE endorsements (
     approval_id TEXT NOT NULL,
     person      TEXT NOT NULL,
     body        TEXT NOT NULL,
     seal        TEXT NOT NULL,
     PRIMARY KEY (approval_id, person)
   ) STRICT;`;

export interface EndorsementRow {
  readonly person: string;
  /** An `Endorser`, as JSON. */
  readonly body: string;
  readonly seal: string;
}
