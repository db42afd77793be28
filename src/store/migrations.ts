// The database schema, forward only. A migration that has shipped is never edited; a change is a new entry.

import { BINDINGS_TABLE, UNTOLD_COLUMN } from "./binding-table.ts";
import { ENDORSEMENTS_TABLE } from "./endorsement-row.ts";
import { EVENT_TABLES } from "./event-tables.ts";

/** Migration n brings the schema from version n to n + 1 (`PRAGMA user_version`). */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE approvals (
     id          TEXT PRIMARY KEY,
     status      TEXT NOT NULL,
     door        TEXT NOT NULL,
     project     TEXT,
     tool_name   TEXT NOT NULL,
     tool_use_id TEXT,
     input        TEXT NOT NULL,
     masked_input TEXT NOT NULL,
     input_sha256 TEXT NOT NULL,
     created_at  INTEGER NOT NULL,
     expires_at  INTEGER NOT NULL,
     decided_at  INTEGER,
     outcome     TEXT,
     answered    INTEGER
   ) STRICT;
   CREATE INDEX approvals_by_status ON approvals (status);
   CREATE TABLE messages (
     message_id  TEXT PRIMARY KEY,
     approval_id TEXT NOT NULL REFERENCES approvals (id),
     recipient   TEXT NOT NULL
   ) STRICT;
   CREATE TABLE receipts (
     message_id TEXT PRIMARY KEY,
     rank       INTEGER NOT NULL,
     receipt    TEXT NOT NULL
   ) STRICT;
   CREATE TABLE inbound (
     id      TEXT PRIMARY KEY,
     seen_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE contacts (
     phone           TEXT PRIMARY KEY,
     last_inbound_at INTEGER NOT NULL,
     joined_at       INTEGER
   ) STRICT;
   CREATE TABLE settings (
     name  TEXT PRIMARY KEY,
     value TEXT NOT NULL
   ) STRICT;`,
  `ALTER TABLE approvals ADD COLUMN requester TEXT;
   ALTER TABLE approvals ADD COLUMN session_id TEXT;
   CREATE INDEX approvals_by_creation ON approvals (created_at, id);
   CREATE TABLE idempotency (
     requester   TEXT NOT NULL,
     key         TEXT NOT NULL,
     body_sha256 TEXT NOT NULL,
     approval_id TEXT NOT NULL,
     created_at  INTEGER NOT NULL,
     PRIMARY KEY (requester, key)
   ) STRICT;`,
  // A refusal kept the mode that refused it under its old name.
  `UPDATE approvals
      SET outcome = json_remove(json_set(outcome, '$.mode', json_extract(outcome, '$.standing')), '$.standing')
    WHERE status = 'refused' AND json_type(outcome, '$.standing') IS NOT NULL;`,
  // WhatsApp's id of a user who hides the number, learned from a verified reply.
  `CREATE TABLE user_ids (
     phone      TEXT PRIMARY KEY,
     user_id    TEXT NOT NULL UNIQUE,
     seal       TEXT NOT NULL,
     learned_at INTEGER NOT NULL
   ) STRICT;`,
  // What Session has allowed. Nothing in it allows anything after a restart.
  `CREATE TABLE grants (
     id         TEXT PRIMARY KEY REFERENCES approvals (id),
     given_by   TEXT NOT NULL,
     subject    TEXT NOT NULL,
     holder     TEXT NOT NULL,
     given_at   INTEGER NOT NULL,
     expires_at INTEGER NOT NULL,
     uses       INTEGER NOT NULL DEFAULT 0,
     ended_at   INTEGER,
     ended_by   TEXT
   ) STRICT;`,
  // The templates of an account as they were last seen at Twilio, and which phone was last reminded to keep its chat open.
  `CREATE TABLE templates (
     account  TEXT NOT NULL,
     name     TEXT NOT NULL,
     sid      TEXT NOT NULL,
     approval TEXT NOT NULL,
     seal     TEXT NOT NULL,
     seen_at  INTEGER NOT NULL,
     PRIMARY KEY (account, name)
   ) STRICT;
   CREATE TABLE reminders (
     phone   TEXT PRIMARY KEY,
     day     TEXT NOT NULL,
     sent_at INTEGER NOT NULL
   ) STRICT;`,
  // For those who read the record. One index narrows a list without a look at the rows, whose inputs are large.
  `DROP INDEX approvals_by_creation;
   CREATE INDEX approvals_by_creation ON approvals (created_at, id, status, door, project, tool_name, requester);
   CREATE INDEX messages_by_request ON messages (approval_id);
   CREATE TABLE correspondence (
     message_id   TEXT PRIMARY KEY,
     noted_at     INTEGER NOT NULL,
     sender       TEXT,
     recipient    TEXT,
     purpose      TEXT,
     approval_id  TEXT,
     taken_at     INTEGER,
     sent_at      INTEGER,
     delivered_at INTEGER,
     read_at      INTEGER,
     failed_at    INTEGER,
     failure      TEXT
   ) STRICT;
   CREATE INDEX correspondence_by_request ON correspondence (approval_id);
   CREATE INDEX correspondence_by_sender ON correspondence (sender, taken_at);
   CREATE INDEX correspondence_by_time ON correspondence (noted_at);
   CREATE TABLE replies (
     approval_id TEXT NOT NULL,
     phone       TEXT NOT NULL,
     said        TEXT NOT NULL,
     result      TEXT NOT NULL,
     at          INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX replies_by_request ON replies (approval_id);
   CREATE INDEX replies_by_time ON replies (at);`,
  // What this server itself runs once it is approved, and what became of it.
  `ALTER TABLE approvals ADD COLUMN executor TEXT;
   ALTER TABLE approvals ADD COLUMN run TEXT;`,
  // The scripts that a person has approved, each as it was then.
  `CREATE TABLE approved_scripts (
     name        TEXT PRIMARY KEY,
     identity    TEXT NOT NULL,
     seal        TEXT NOT NULL,
     approved_at INTEGER NOT NULL
   ) STRICT;`,
  // What MCP servers behind the gate have said of their tools: a change is asked about.
  `CREATE TABLE gateway_tools (
     server      TEXT NOT NULL,
     tool        TEXT NOT NULL,
     definition  TEXT NOT NULL,
     fingerprint TEXT NOT NULL,
     at          INTEGER NOT NULL,
     PRIMARY KEY (server, tool)
   ) STRICT;`,
  // Tasks: sessions of Claude Code that this server has started, and what happened in them. `held_until` is the limit of a turn.
  `CREATE TABLE tasks (
     number         INTEGER PRIMARY KEY AUTOINCREMENT,
     id             TEXT NOT NULL UNIQUE,
     status         TEXT NOT NULL,
     profile        TEXT NOT NULL,
     workflow       TEXT NOT NULL,
     folder         TEXT NOT NULL,
     project        TEXT NOT NULL,
     task           TEXT NOT NULL,
     max_turns      INTEGER NOT NULL,
     requester      TEXT,
     parent         TEXT,
     claude_session TEXT,
     turn           INTEGER NOT NULL,
     asked          INTEGER NOT NULL DEFAULT 0,
     held_until     INTEGER NOT NULL,
     created_at     INTEGER NOT NULL,
     changed_at     INTEGER NOT NULL,
     outcome        TEXT
   ) STRICT;
   CREATE TABLE task_events (
     task_id TEXT NOT NULL REFERENCES tasks (id),
     seq     INTEGER NOT NULL,
     at      INTEGER NOT NULL,
     kind    TEXT NOT NULL,
     text    TEXT NOT NULL,
     PRIMARY KEY (task_id, seq)
   ) STRICT;`,
  // Requests that wait on without Claude, and whether Claude was started for them.
  `CREATE TABLE parked (
     approval_id TEXT PRIMARY KEY REFERENCES approvals (id),
     body        TEXT NOT NULL,
     seal        TEXT NOT NULL,
     parked_at   INTEGER NOT NULL,
     started_at  INTEGER,
     ended_at    INTEGER
   ) STRICT;`,
  EVENT_TABLES,
  // What a session is resumed by, and what is known of a tool, count under this server's seal. Rows of before have none: such a
  // session is not continued, and such a tool is met anew.
  `ALTER TABLE tasks ADD COLUMN seal TEXT;
   ALTER TABLE gateway_tools ADD COLUMN seal TEXT;`,
  // Replies that are being carried out: what a crash leaves here is answered by the next start.
  `CREATE TABLE unfinished_replies (
     inbound_id TEXT PRIMARY KEY REFERENCES inbound (id),
     sender     TEXT NOT NULL,
     request    TEXT,
     denial     TEXT
   ) STRICT;`,
  BINDINGS_TABLE,
  ENDORSEMENTS_TABLE,
  UNTOLD_COLUMN,
];
