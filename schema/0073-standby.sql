-- 0073: whoever waits may stand by for the places of visits that begin together.  No time is promised, so none is taken.

CREATE TABLE standby (
	id INTEGER NOT NULL PRIMARY KEY,
	waiting INTEGER NOT NULL REFERENCES waiting (id),
	booker INTEGER NOT NULL REFERENCES account (id),
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	prison TEXT NOT NULL REFERENCES prison (code),
	start_at INTEGER NOT NULL CHECK (start_at % 300 = 0), -- of the visits whose places it stands by for
	end_at INTEGER NOT NULL CHECK (end_at % 300 = 0),
	asked_at INTEGER NOT NULL,
	answer_until INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('ASKED', 'AGREED', 'DECLINED', 'EXPIRED', 'CALLED', 'NOT_NEEDED', 'WITHDRAWN',
		'GONE')),
	ended_at INTEGER NOT NULL,
	freed INTEGER REFERENCES visit (id), -- whose time it was given; NULL: none
	visit INTEGER REFERENCES visit (id), -- what was booked in it
	CHECK (start_at < end_at),
	CHECK (asked_at < answer_until AND answer_until <= start_at),
	CHECK ((state IN ('ASKED', 'AGREED')) = (ended_at = 0)),
	CHECK ((state = 'CALLED') = (freed IS NOT NULL)),
	CHECK ((state = 'CALLED') = (visit IS NOT NULL)),
	UNIQUE (waiting, start_at) -- nobody is asked twice for one time
) STRICT;
-- Nobody stands by twice at once, and no time is given to two.
CREATE UNIQUE INDEX standby_one ON standby (waiting) WHERE state = 'ASKED' OR state = 'AGREED';
CREATE UNIQUE INDEX standby_prisoner ON standby (prisoner, start_at) WHERE state = 'ASKED' OR state = 'AGREED';
CREATE UNIQUE INDEX standby_booker ON standby (booker, start_at) WHERE state = 'ASKED' OR state = 'AGREED';
CREATE UNIQUE INDEX standby_freed ON standby (freed) WHERE freed IS NOT NULL;
CREATE INDEX standby_group ON standby (prison, start_at);
CREATE INDEX standby_state ON standby (state, start_at);
CREATE INDEX standby_day ON standby (booker, asked_at);

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + 1, '', 'start_within_minutes', value, 0, NULL,
	'Or what is left of the time goes to whoever stands by'
FROM prison_policy WHERE prison = '' AND name = 'start_within_minutes' AND seq = (SELECT MAX(seq) FROM prison_policy
	WHERE prison = '' AND name = 'start_within_minutes') AND author IS NULL;
