-- 0029: incidents in visits and what came of them, and authorisations to monitor a prisoner's visits.

CREATE TABLE incident (
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
	counts_pause INTEGER NOT NULL CHECK (counts_pause IN (0, 1)), -- the time that it was paused is counted
	charged_minutes INTEGER NOT NULL, -- by that, after the visit's account was settled
	follow_up TEXT NOT NULL, -- for staff
	told TEXT NOT NULL,      -- what the booker reads; '': nothing may be said
	decided_at INTEGER NOT NULL,
	decided_by INTEGER REFERENCES account (id),
	appeal TEXT NOT NULL CHECK (appeal IN ('', 'ASKED', 'REFUSED', 'ALLOWED')),
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
	CHECK (appeal = '' OR told <> '')
) STRICT;
CREATE INDEX incident_visit ON incident (visit, opened_at);

CREATE TABLE monitoring_authorisation (
	id INTEGER NOT NULL PRIMARY KEY,
	prison TEXT NOT NULL REFERENCES prison (code),
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	necessity TEXT NOT NULL CHECK (length(necessity) >= 20),
	proportionality TEXT NOT NULL CHECK (length(proportionality) >= 20),
	requested_at INTEGER NOT NULL,
	requested_by INTEGER NOT NULL REFERENCES account (id),
	until_at INTEGER NOT NULL CHECK (until_at > requested_at),
	review_at INTEGER NOT NULL, -- it holds no longer than this unless somebody reviews it
	state TEXT NOT NULL CHECK (state IN ('REQUESTED', 'GRANTED', 'REFUSED', 'REVOKED')),
	reason TEXT NOT NULL, -- of the last decision
	decided_at INTEGER NOT NULL,
	decided_by INTEGER REFERENCES account (id),
	CHECK ((state = 'REQUESTED') = (decided_by IS NULL)),
	CHECK (decided_by IS NULL OR decided_by <> requested_by)
) STRICT;
CREATE INDEX monitoring_authorisation_of ON monitoring_authorisation (prisoner, state);
CREATE INDEX monitoring_authorisation_prison ON monitoring_authorisation (prison, requested_at);

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'incident_appeal_days' AS name, 28 AS value, 'Time to ask for advice first' AS reason
	UNION ALL SELECT 2, 'authorisation_days', 90, 'As long as recordings are kept'
	UNION ALL SELECT 3, 'authorisation_review_days', 28, 'Nothing goes on because nobody looked'
) AS first_values;
