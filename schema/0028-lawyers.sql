-- 0028: lawyers who book for themselves; how long each request has waited.

CREATE TABLE firm (
	id INTEGER NOT NULL PRIMARY KEY,
	name TEXT NOT NULL UNIQUE CHECK (name <> '')
) STRICT;

-- Two different people of staff say that somebody is a legal professional, never one.
CREATE TABLE professional (
	account INTEGER NOT NULL PRIMARY KEY REFERENCES account (id),
	person INTEGER NOT NULL UNIQUE REFERENCES person (id),
	firm INTEGER NOT NULL REFERENCES firm (id),
	profession TEXT NOT NULL CHECK (profession IN ('SOLICITOR', 'BARRISTER', 'LEGAL_EXECUTIVE', 'CLERK',
		'INTERPRETER')),
	regulator_id TEXT NOT NULL CHECK (regulator_id <> ''),
	state TEXT NOT NULL CHECK (state IN ('ASKED', 'SEEN', 'VERIFIED', 'REFUSED', 'REVOKED')),
	asked_at INTEGER NOT NULL,
	first_by INTEGER REFERENCES account (id),
	first_at INTEGER NOT NULL,
	second_by INTEGER REFERENCES account (id),
	second_at INTEGER NOT NULL,
	ended_by INTEGER REFERENCES account (id),
	ended_at INTEGER NOT NULL,
	reason TEXT NOT NULL,
	CHECK (second_by IS NULL OR (first_by IS NOT NULL AND second_by <> first_by)),
	CHECK (state <> 'SEEN' OR (first_by IS NOT NULL AND second_by IS NULL)),
	CHECK (state <> 'VERIFIED' OR second_by IS NOT NULL),
	CHECK ((state IN ('REFUSED', 'REVOKED')) = (ended_at <> 0))
) STRICT;
CREATE INDEX professional_state ON professional (state, asked_at);

-- A request for a visit, from the first moment on: it keeps that moment through moves and transfers.
CREATE TABLE waiting (
	id INTEGER NOT NULL PRIMARY KEY,
	booker INTEGER NOT NULL REFERENCES account (id),
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	kind TEXT NOT NULL CHECK (kind IN ('SOCIAL', 'LEGAL')),
	cause TEXT NOT NULL CHECK (cause IN ('NONE', 'CUSTODY_LIMIT', 'BAIL', 'HEARING', 'PAROLE', 'ADJUDICATION',
		'APPEAL')),
	deadline INTEGER NOT NULL, -- a day; 0: none
	minutes INTEGER NOT NULL CHECK (minutes > 0),
	asked_at INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('WAITING', 'BOOKED', 'ENDED')),
	reference TEXT NOT NULL, -- of the visit that it has; '' while it has none
	CHECK ((state = 'BOOKED') = (reference <> '') OR state = 'ENDED'),
	CHECK ((cause = 'NONE') = (deadline = 0))
) STRICT;
CREATE INDEX waiting_prisoner ON waiting (prisoner, state);
CREATE INDEX waiting_booker ON waiting (booker, state);
CREATE INDEX waiting_reference ON waiting (reference);
CREATE TABLE waiting_person (
	waiting INTEGER NOT NULL REFERENCES waiting (id),
	person INTEGER NOT NULL REFERENCES person (id),
	place INTEGER NOT NULL,
	PRIMARY KEY (waiting, person)
) STRICT;

-- A legal visit is never watched: no code can store one that is.
UPDATE visit SET watched = 0 WHERE kind = 'LEGAL';
ALTER TABLE visit ADD COLUMN confidential INTEGER NOT NULL DEFAULT 1
	CHECK (confidential IN (0, 1) AND (kind <> 'LEGAL' OR (confidential = 1 AND watched = 0)));
