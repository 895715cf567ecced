-- 0079: what an incident's decision entered, what the prisoner is told of it, and whose appeal it is.

CREATE TABLE incident_told_to_both (
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
	appeal TEXT NOT NULL CHECK (appeal IN ('', 'ASKED', 'REFUSED', 'ALLOWED')),
	appeal_by TEXT NOT NULL CHECK (appeal_by IN ('', 'VISITOR', 'PRISONER')),
	appeal_words TEXT NOT NULL,
	appealed_at INTEGER NOT NULL,
	appeal_reason TEXT NOT NULL,
	appeal_decided_at INTEGER NOT NULL,
	appeal_decided_by INTEGER REFERENCES account (id),
	CHECK ((outcome = '') = (decided_at = 0) AND (outcome = '') = (decided_by IS NULL)),
	-- What weighs most is never one person's doing.
	CHECK (outcome NOT IN ('RESTRICTION', 'SECURITY_REPORT') OR decided_by <> opened_by),
	CHECK (counts_pause = 0 OR decided_by <> opened_by),
	CHECK (appeal IN ('', 'ASKED') OR appeal_decided_by <> decided_by),
	CHECK (restriction IS NULL OR outcome = 'RESTRICTION'),
	-- Against what somebody was told, and by whom.
	CHECK ((appeal = '') = (appeal_by = '')),
	CHECK (appeal_by <> 'VISITOR' OR told <> ''),
	CHECK (appeal_by <> 'PRISONER' OR told_prisoner <> '')
) STRICT;
INSERT INTO incident_told_to_both (id, visit, type, severity, evidence, seen_at, opened_at, opened_by, outcome,
	restriction, counts_pause, charged_minutes, follow_up, told, told_prisoner, decided_at, decided_by, appeal,
	appeal_by, appeal_words, appealed_at, appeal_reason, appeal_decided_at, appeal_decided_by)
SELECT id, visit, type, severity, evidence, seen_at, opened_at, opened_by, outcome, NULL, counts_pause,
	charged_minutes, follow_up, told, '', decided_at, decided_by, appeal,
	CASE WHEN appeal = '' THEN '' ELSE 'VISITOR' END, appeal_words, appealed_at, appeal_reason, appeal_decided_at,
	appeal_decided_by
FROM incident;
DROP TABLE incident;
ALTER TABLE incident_told_to_both RENAME TO incident;
CREATE INDEX incident_visit ON incident (visit, opened_at);
