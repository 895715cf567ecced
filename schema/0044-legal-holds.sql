-- 0044: recordings that are kept beyond their time for a named matter, and copies that were handed out.

CREATE TABLE legal_hold (
	id INTEGER NOT NULL PRIMARY KEY,
	visit INTEGER NOT NULL REFERENCES recording (visit),
	state TEXT NOT NULL CHECK (state IN ('ASKED', 'HELD', 'REFUSED', 'ENDED')),
	matter TEXT NOT NULL CHECK (matter <> ''), -- the case, as others call it
	reason TEXT NOT NULL CHECK (length(reason) >= 10),
	asked_by INTEGER NOT NULL REFERENCES account (id),
	asked_as TEXT NOT NULL, -- the role; so with the others
	asked_at INTEGER NOT NULL,
	review_at INTEGER NOT NULL, -- by then somebody looks at it again; it goes on all the same
	decided_by INTEGER REFERENCES account (id),
	decided_as TEXT NOT NULL,
	decided_reason TEXT NOT NULL,
	decided_at INTEGER NOT NULL,
	reviewed_by INTEGER REFERENCES account (id), -- the last time
	reviewed_reason TEXT NOT NULL,
	reviewed_at INTEGER NOT NULL,
	ended_at INTEGER NOT NULL, -- by that review; 0: not
	-- Never one person alone, whatever the code says.
	CHECK (decided_by IS NULL OR (decided_by <> asked_by AND decided_as <> asked_as)),
	CHECK (reviewed_by IS NULL OR reviewed_by <> asked_by),
	CHECK ((state = 'ASKED') = (decided_by IS NULL)),
	CHECK ((reviewed_by IS NULL) = (reviewed_at = 0)),
	CHECK ((state = 'ENDED') = (ended_at <> 0) AND (ended_at = 0 OR ended_at = reviewed_at))
) STRICT;
CREATE INDEX legal_hold_visit ON legal_hold (visit, asked_at);
CREATE INDEX legal_hold_state ON legal_hold (state, review_at);
-- One at a time.
CREATE UNIQUE INDEX legal_hold_one ON legal_hold (visit) WHERE state IN ('ASKED', 'HELD');

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT MAX(seq) + 1, '', 'legal_hold_days', 90, 0, NULL, 'Nothing is kept for years because nobody looked'
FROM prison_policy;
