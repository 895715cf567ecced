-- 0033: freed time is offered to those who wait; what they wish, what they were offered, what they answered.

-- What whoever waits has wished.  earlier: has a time, and would rather have an earlier one.
ALTER TABLE waiting ADD COLUMN earlier INTEGER NOT NULL DEFAULT 0 CHECK (earlier IN (0, 1));
ALTER TABLE waiting ADD COLUMN from_minute INTEGER NOT NULL DEFAULT 0 CHECK (from_minute BETWEEN 0 AND 1440);
ALTER TABLE waiting ADD COLUMN until_minute INTEGER NOT NULL DEFAULT 1440 CHECK (until_minute BETWEEN 0 AND 1440);
ALTER TABLE waiting ADD COLUMN automatic INTEGER NOT NULL DEFAULT 0 CHECK (automatic IN (0, 1)); -- booked without being asked
ALTER TABLE waiting ADD COLUMN short_notice INTEGER NOT NULL DEFAULT 0 CHECK (short_notice IN (0, 1));
CREATE INDEX waiting_state ON waiting (state, id);

-- The time of an offer that is kept for one person is held as a time of the form is; the offer has the same id.
ALTER TABLE application ADD COLUMN offered INTEGER NOT NULL DEFAULT 0 CHECK (offered IN (0, 1));
DROP INDEX application_one;
CREATE UNIQUE INDEX application_one ON application (booker, prisoner) WHERE state = 'IN_PROGRESS' AND offered = 0;

-- A time that became free, until somebody has it or nobody can.
CREATE TABLE freed_time (
	id INTEGER NOT NULL PRIMARY KEY,
	prison TEXT NOT NULL REFERENCES prison (code),
	terminal INTEGER NOT NULL REFERENCES terminal (id),
	start_at INTEGER NOT NULL CHECK (start_at % 300 = 0),
	minutes INTEGER NOT NULL CHECK (minutes > 0),
	freed_at INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('OPEN', 'TAKEN', 'UNUSED')),
	ended_at INTEGER NOT NULL,
	CHECK ((state = 'OPEN') = (ended_at = 0))
) STRICT;
CREATE UNIQUE INDEX freed_time_open ON freed_time (terminal, start_at) WHERE state = 'OPEN';
CREATE INDEX freed_time_at ON freed_time (terminal, start_at, freed_at);
CREATE INDEX freed_time_state ON freed_time (state, id);

CREATE TABLE waiting_offer (
	id INTEGER NOT NULL PRIMARY KEY,
	freed INTEGER NOT NULL REFERENCES freed_time (id),
	waiting INTEGER NOT NULL REFERENCES waiting (id),
	booker INTEGER NOT NULL REFERENCES account (id),
	terminal INTEGER NOT NULL REFERENCES terminal (id),
	start_at INTEGER NOT NULL,
	minutes INTEGER NOT NULL CHECK (minutes > 0),
	keeps INTEGER NOT NULL CHECK (keeps IN (0, 1)), -- nobody else is asked before it is answered
	made_at INTEGER NOT NULL,
	answer_until INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('OPEN', 'ACCEPTED', 'DECLINED', 'EXPIRED', 'GONE')),
	ended_at INTEGER NOT NULL,
	CHECK (made_at < answer_until AND answer_until <= start_at),
	CHECK ((state = 'OPEN') = (ended_at = 0)),
	CHECK (state NOT IN ('ACCEPTED', 'DECLINED') OR ended_at < answer_until),
	CHECK (state <> 'EXPIRED' OR ended_at >= answer_until),
	UNIQUE (waiting, start_at) -- nobody is asked twice for one time
) STRICT;
-- No time is promised twice, and nobody has two offers to think about.
CREATE UNIQUE INDEX waiting_offer_kept ON waiting_offer (freed) WHERE state = 'OPEN' AND keeps = 1;
CREATE UNIQUE INDEX waiting_offer_accepted ON waiting_offer (freed) WHERE state = 'ACCEPTED';
CREATE UNIQUE INDEX waiting_offer_one ON waiting_offer (waiting) WHERE state = 'OPEN';
CREATE INDEX waiting_offer_due ON waiting_offer (state, answer_until);
CREATE INDEX waiting_offer_of ON waiting_offer (freed, state);
CREATE INDEX waiting_offer_day ON waiting_offer (booker, made_at);

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'waiting_max' AS name, 40 AS value, 'As many as a lawyer with a full list of clients has' AS reason
	UNION ALL SELECT 2, 'waiting_keep_days', 90, 'Whoever still wants a visit after three months asks again'
) AS first_values;
