// The tables of the event log, as its migration makes them: never edited. The triggers are in the way of mistakes; against anybody who
// means it there are the chain and the seal.

export const EVENT_TABLES = `CREATE TABLE events (
   seq     INTEGER PRIMARY KEY,
   at      INTEGER NOT NULL,
   kind    TEXT NOT NULL,
   request TEXT,
   data    TEXT NOT NULL,
   prev    TEXT NOT NULL,
   hash    TEXT NOT NULL
 ) STRICT;
 CREATE TABLE event_head (
   one    INTEGER PRIMARY KEY CHECK (one = 1),
   seq    INTEGER NOT NULL,
   hash   TEXT NOT NULL,
   seal   TEXT NOT NULL,
   purged INTEGER NOT NULL DEFAULT 0
 ) STRICT;
 INSERT INTO event_head (one, seq, hash, seal) VALUES (1, 0, '', '');
 CREATE TRIGGER events_never_change BEFORE UPDATE ON events
 BEGIN SELECT RAISE(ABORT, 'an entry of the event log is never changed'); END;
 CREATE TRIGGER events_stay BEFORE DELETE ON events
 WHEN OLD.seq > coalesce((SELECT purged FROM event_head), 0)
 BEGIN SELECT RAISE(ABORT, 'an entry of the event log is only removed by a purge'); END;
 CREATE TRIGGER events_in_order BEFORE INSERT ON events
 WHEN NEW.seq <> (SELECT seq + 1 FROM event_head)
 BEGIN SELECT RAISE(ABORT, 'an entry of the event log follows the last one'); END;`;
