-- 0088: each side of a visit may appeal against an incident's decision, once, and each is answered on its own.

CREATE TABLE incident_of_sides (
	id INTEGER NOT NULL PRIMARY KEY,
	visit INTEGER NOT NULL REFERENCES visit (id),
	type TEXT NOT NULL CHECK (type IN ('THIRD_PERSON', 'CONDUCT', 'THREAT', 'DRESS', 'RECORDING', 'SELF_HARM',
		'CHILD', 'OTHER')),
	severity TEXT NOT NULL CHECK (severity IN ('LOW', 'MEDIUM', 'HIGH')),
	evidence TEXT NOT NULL CHECK (evidence <> ''),
	seen_at INTEGER NOT NULL, -- when it happened
	opened_at INTEGER NOT NULL,
	opened_by INTEGER NOT NULL REFERENCES account (id),
	outcome TEXT NOT NULL CHECK (outcome IN ('', 'NONE', 'WARNING', 'RESTRICTION', 'SECURITY_REPORT')),
	restriction INTEGER REFERENCES restriction (id), -- that the decision entered
	counts_pause INTEGER NOT NULL CHECK (counts_pause IN (0, 1)), -- the time that it was paused is counted
	charged_minutes INTEGER NOT NULL, -- by that, after the visit's account was settled
	follow_up TEXT NOT NULL, -- for staff
	told TEXT NOT NULL,      -- what the booker reads; '': nothing may be said
	told_prisoner TEXT NOT NULL, -- what the prisoner reads at a terminal; '': nothing may be said
	decided_at INTEGER NOT NULL,
	decided_by INTEGER REFERENCES account (id),
	CHECK ((outcome = '') = (decided_at = 0) AND (outcome = '') = (decided_by IS NULL)),
	-- What weighs most is never one person's doing.
	CHECK (outcome NOT IN ('RESTRICTION', 'SECURITY_REPORT') OR decided_by <> opened_by),
	CHECK (counts_pause = 0 OR decided_by <> opened_by),
	CHECK (restriction IS NULL OR outcome = 'RESTRICTION')
) STRICT;
INSERT INTO incident_of_sides (id, visit, type, severity, evidence, seen_at, opened_at, opened_by, outcome,
	restriction, counts_pause, charged_minutes, follow_up, told, told_prisoner, decided_at, decided_by)
SELECT id, visit, type, severity, evidence, seen_at, opened_at, opened_by, outcome, restriction, counts_pause,
	charged_minutes, follow_up, told, told_prisoner, decided_at, decided_by
FROM incident;

CREATE TABLE incident_appeal (
	incident INTEGER NOT NULL REFERENCES incident_of_sides (id),
	appellant TEXT NOT NULL CHECK (appellant IN ('VISITOR', 'PRISONER')),
	against INTEGER NOT NULL REFERENCES account (id), -- who had decided
	state TEXT NOT NULL CHECK (state IN ('ASKED', 'REFUSED', 'ALLOWED')),
	words TEXT NOT NULL CHECK (words <> ''),
	asked_at INTEGER NOT NULL,
	reason TEXT NOT NULL, -- of the answer
	decided_at INTEGER NOT NULL,
	decided_by INTEGER REFERENCES account (id),
	PRIMARY KEY (incident, appellant),
	CHECK ((state = 'ASKED') = (decided_by IS NULL) AND (state = 'ASKED') = (decided_at = 0)),
	CHECK (decided_by IS NULL OR decided_by <> against)
) STRICT;
INSERT INTO incident_appeal (incident, appellant, against, state, words, asked_at, reason, decided_at, decided_by)
SELECT id, appeal_by, decided_by, appeal, appeal_words, appealed_at, appeal_reason, appeal_decided_at,
	appeal_decided_by
FROM incident WHERE appeal <> '';

DROP TABLE incident;
ALTER TABLE incident_of_sides RENAME TO incident;
CREATE INDEX incident_visit ON incident (visit, opened_at);
