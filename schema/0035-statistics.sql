-- 0035: what is counted of waits and visits, by prison and month, and what of it is published.

-- Counted anew while a month can still change; it stays when the rows that it was counted from are erased.
CREATE TABLE wait_count (
	prison TEXT NOT NULL REFERENCES prison (code),
	class TEXT NOT NULL CHECK (class IN ('URGENT', 'DATED', 'ROUTINE', 'SOCIAL')),
	month INTEGER NOT NULL, -- in which it was asked for: months since year 0, local
	outcome TEXT NOT NULL CHECK (outcome IN ('HELD_IN_TIME', 'HELD_LATE', 'WAITING_IN_TIME', 'WAITING_LATE',
		'NOT_HELD')),
	days INTEGER NOT NULL CHECK (days >= 0), -- working days
	requests INTEGER NOT NULL CHECK (requests > 0),
	PRIMARY KEY (prison, class, month, outcome, days)
) STRICT;
CREATE INDEX wait_count_month ON wait_count (month);
CREATE TABLE visit_count (
	prison TEXT NOT NULL REFERENCES prison (code),
	kind TEXT NOT NULL CHECK (kind IN ('SOCIAL', 'LEGAL', 'OFFICIAL')),
	month INTEGER NOT NULL, -- in which it was to begin
	measure TEXT NOT NULL,
	value INTEGER NOT NULL CHECK (value > 0),
	PRIMARY KEY (prison, kind, month, measure)
) STRICT;
CREATE INDEX visit_count_month ON visit_count (month);

-- Figures that are fit to be published, and nothing else: once a month, then never changed.  -1: fewer than may be said.
CREATE TABLE published_figure (
	month INTEGER NOT NULL,
	prison TEXT NOT NULL REFERENCES prison (code),
	part TEXT NOT NULL, -- a class of requests or a kind of visits
	measure TEXT NOT NULL,
	value INTEGER NOT NULL CHECK (value >= -1),
	PRIMARY KEY (month, prison, part, measure)
) STRICT;
CREATE TABLE statistics_run (
	prison TEXT NOT NULL PRIMARY KEY REFERENCES prison (code),
	counted_at INTEGER NOT NULL,
	published_month INTEGER NOT NULL -- the last one; 0: none
) STRICT;

CREATE INDEX prisoner_prison ON prisoner (prison);

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'hours_from_minute' AS name, 540 AS value, 'Visits could begin when the day in prison has begun' AS reason
	UNION ALL SELECT 2, 'hours_until_minute', 1020, 'And go on until the evening'
	UNION ALL SELECT 3, 'hours_days', 5, 'Monday to Friday; Saturdays are hours won'
	UNION ALL SELECT 4, 'start_within_minutes', 10, 'Or the time is offered to somebody else'
	UNION ALL SELECT 5, 'publish_days', 28, 'Most requests of a month have had their visit four weeks after it'
) AS first_values;
