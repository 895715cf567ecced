-- 0032: who asked to see a recording, who agreed, and who looked.

CREATE TABLE recording_access (
	id INTEGER NOT NULL PRIMARY KEY,
	visit INTEGER NOT NULL REFERENCES recording (visit),
	state TEXT NOT NULL CHECK (state IN ('ASKED', 'AGREED', 'REFUSED', 'OPENED')),
	asked_by INTEGER NOT NULL REFERENCES account (id),
	asked_as TEXT NOT NULL, -- the role
	reason TEXT NOT NULL CHECK (length(reason) >= 10),
	asked_at INTEGER NOT NULL,
	ask_seq INTEGER NOT NULL, -- of the leaf in the audit log; so with the other two
	decided_by INTEGER REFERENCES account (id),
	decided_as TEXT NOT NULL,
	decided_reason TEXT NOT NULL,
	decided_at INTEGER NOT NULL,
	decide_seq INTEGER NOT NULL,
	opened_at INTEGER NOT NULL, -- 0: not yet; one viewing, of so long from then on
	open_seq INTEGER NOT NULL,
	session TEXT NOT NULL, -- SHA-256 of the session in which it was opened
	-- Never one person alone, whatever the code says.
	CHECK (decided_by IS NULL OR (decided_by <> asked_by AND decided_as <> asked_as)),
	CHECK ((state = 'ASKED') = (decided_by IS NULL)),
	CHECK ((state = 'OPENED') = (opened_at <> 0))
) STRICT;
CREATE INDEX recording_access_visit ON recording_access (visit, asked_at);
CREATE INDEX recording_access_state ON recording_access (state, asked_at);
