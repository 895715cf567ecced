-- 0031: recordings of social visits: their segments, and what is missing in them.

-- No row can exist for a visit that is not social.
CREATE TABLE recording (
	visit INTEGER NOT NULL PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind = 'SOCIAL'),
	began_ms INTEGER NOT NULL,   -- since 1970
	keep_until INTEGER NOT NULL, -- then its keys are destroyed
	locked_at INTEGER NOT NULL,  -- 0: not; privileged by mistake: nobody opens it any more
	locked_by INTEGER REFERENCES account (id),
	erased_at INTEGER NOT NULL,  -- 0: not; its keys are gone
	UNIQUE (visit, kind),
	FOREIGN KEY (visit, kind) REFERENCES visit (id, kind),
	CHECK ((locked_at = 0) = (locked_by IS NULL))
) STRICT;
CREATE INDEX recording_keep ON recording (erased_at, keep_until);

-- A file of about a minute of one side's sound or picture, sealed; its name is 16 hexadecimal digits of the id.
CREATE TABLE recording_segment (
	id INTEGER NOT NULL PRIMARY KEY,
	visit INTEGER NOT NULL,
	kind TEXT NOT NULL CHECK (kind = 'SOCIAL'),
	seat INTEGER NOT NULL CHECK (seat BETWEEN 0 AND 7), -- 0 the prisoner's
	codec TEXT NOT NULL CHECK (codec IN ('opus', 'VP8', 'VP9')),
	at_ms INTEGER NOT NULL,
	ms INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('OPEN', 'WHOLE', 'CUT')),
	process INTEGER NOT NULL, -- which pvl-record writes it
	sealed_key BLOB NOT NULL, -- pvl-vault alone opens it; empty: destroyed
	hash BLOB NOT NULL,       -- BLAKE2b-256 of the file; empty while OPEN or when CUT
	FOREIGN KEY (visit, kind) REFERENCES recording (visit, kind)
) STRICT;
CREATE INDEX recording_segment_visit ON recording_segment (visit, at_ms);
CREATE INDEX recording_segment_open ON recording_segment (state, process);

CREATE TABLE recording_gap (
	id INTEGER NOT NULL PRIMARY KEY,
	visit INTEGER NOT NULL REFERENCES visit (id),
	cause TEXT NOT NULL CHECK (cause IN ('DISK', 'BEHIND', 'CODEC', 'STOPPED')),
	at_ms INTEGER NOT NULL,
	until_ms INTEGER NOT NULL -- 0: nothing has been written since
) STRICT;
CREATE INDEX recording_gap_visit ON recording_gap (visit, at_ms);

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'recording_on' AS name, 1 AS value, 'Social visits are recorded, and everybody is told before they join' AS reason
	UNION ALL SELECT 2, 'recording_days', 90, 'No longer than three months without a decision of its own'
) AS first_values;
