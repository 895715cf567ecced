-- 0016: prisoners at a terminal: the PIN that shows who they are, and what they ask for there.

-- Without a row a prisoner has no PIN, and signs in nowhere.
CREATE TABLE prisoner_pin (
	prisoner INTEGER NOT NULL PRIMARY KEY REFERENCES prisoner (id),
	pin_hash TEXT NOT NULL,
	set_by INTEGER REFERENCES account (id),
	set_at INTEGER NOT NULL,
	failures INTEGER NOT NULL CHECK (failures >= 0), -- in a row
	failed_at INTEGER NOT NULL -- the last of them; 0: none
) STRICT;

-- token is the SHA-256 of what the terminal's page holds in memory; one of a terminal, one of a prisoner.
CREATE TABLE prisoner_session (
	token BLOB NOT NULL PRIMARY KEY,
	prisoner INTEGER NOT NULL UNIQUE REFERENCES prisoner (id),
	terminal INTEGER NOT NULL UNIQUE REFERENCES terminal (id),
	seen INTEGER NOT NULL,
	expires INTEGER NOT NULL
) STRICT;

-- A prisoner would like a visit with somebody who is approved.
CREATE TABLE visit_ask (
	id INTEGER NOT NULL PRIMARY KEY,
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	person INTEGER NOT NULL REFERENCES person (id),
	state TEXT NOT NULL CHECK (state IN ('STAFF', 'OPEN', 'DECLINED', 'REFUSED', 'BOOKED', 'LAPSED')),
	asked_at INTEGER NOT NULL,
	lapses_at INTEGER NOT NULL,
	reason TEXT NOT NULL, -- of staff who did not pass it on
	decided_by INTEGER REFERENCES account (id),
	decided_at INTEGER NOT NULL, -- 0: not yet
	CHECK ((state IN ('STAFF', 'OPEN')) = (decided_at = 0)),
	CHECK ((state = 'REFUSED') = (reason <> ''))
) STRICT;
CREATE UNIQUE INDEX visit_ask_once ON visit_ask (prisoner, person) WHERE decided_at = 0;
CREATE INDEX visit_ask_person ON visit_ask (person, state);
CREATE INDEX visit_ask_state ON visit_ask (state, asked_at);

-- The visitor wants no such requests from this prisoner.
ALTER TABLE contact ADD COLUMN no_asks INTEGER NOT NULL DEFAULT 0 CHECK (no_asks IN (0, 1));

-- A prisoner would like somebody to become their contact.
CREATE TABLE contact_ask (
	id INTEGER NOT NULL PRIMARY KEY,
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	name TEXT NOT NULL CHECK (name <> ''),
	relationship TEXT NOT NULL CHECK (relationship <> ''),
	state TEXT NOT NULL CHECK (state IN ('OPEN', 'INVITED', 'REFUSED')),
	asked_at INTEGER NOT NULL,
	reason TEXT NOT NULL,
	decided_by INTEGER REFERENCES account (id),
	decided_at INTEGER NOT NULL,
	CHECK ((state = 'OPEN') = (decided_at = 0)),
	CHECK ((state = 'REFUSED') = (reason <> ''))
) STRICT;
CREATE INDEX contact_ask_of ON contact_ask (prisoner, state);
CREATE INDEX contact_ask_state ON contact_ask (state, asked_at);

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'prisoner_asks' AS name, 1 AS value, 'A request goes to the family, who book or do not' AS reason
	UNION ALL SELECT 2, 'prisoner_ask_days', 14, 'A request stands for two weeks, and is not repeated before'
	UNION ALL SELECT 3, 'pin_tries', 5, 'Five wrong PINs in a row, then a pause'
	UNION ALL SELECT 4, 'pin_pause_minutes', 15, 'Nobody tries out PINs, and nobody is shut out for long by another'
	UNION ALL SELECT 5, 'pin_tries_max', 15, 'Three rounds of five wrong PINs, then staff set a new one'
) AS first_values;
