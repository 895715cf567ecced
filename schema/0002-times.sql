-- 0002: the times and places of a prison: sessions in full, closures, rooms by kind, regime, holds, reviews.

-- ---- session templates ----
-- kinds: 1 social, 2 legal, 4 official; clients: 1 family, 2 staff; capacities: visits at once, -1: no limit.
-- The lists of session_group are the only ones admitted where *_include is 1, the ones kept out where it is 0.
-- A template is changed from a day on: the old one ends the day before, the new one counts weeks from the same anchor.
ALTER TABLE session_template ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE session_template ADD COLUMN kinds INTEGER NOT NULL DEFAULT 7 CHECK (kinds BETWEEN 1 AND 7);
ALTER TABLE session_template ADD COLUMN clients INTEGER NOT NULL DEFAULT 3 CHECK (clients BETWEEN 1 AND 3);
ALTER TABLE session_template ADD COLUMN room INTEGER REFERENCES room (id);
ALTER TABLE session_template ADD COLUMN open_capacity INTEGER NOT NULL DEFAULT -1 CHECK (open_capacity BETWEEN -1 AND 200);
ALTER TABLE session_template ADD COLUMN closed_capacity INTEGER NOT NULL DEFAULT -1 CHECK (closed_capacity BETWEEN -1 AND 200);
ALTER TABLE session_template ADD COLUMN location_include INTEGER NOT NULL DEFAULT 1 CHECK (location_include IN (0, 1));
ALTER TABLE session_template ADD COLUMN category_include INTEGER NOT NULL DEFAULT 1 CHECK (category_include IN (0, 1));
ALTER TABLE session_template ADD COLUMN incentive_include INTEGER NOT NULL DEFAULT 1 CHECK (incentive_include IN (0, 1));
ALTER TABLE session_template ADD COLUMN anchor INTEGER; -- a day of the first week; NULL: valid_from
ALTER TABLE session_template ADD COLUMN author INTEGER REFERENCES account (id);
ALTER TABLE session_template ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE session_template ADD COLUMN made_at INTEGER NOT NULL DEFAULT 0;

-- A location is a path of up to four levels, "A-2-014": a group holds what lies under it.
CREATE TABLE session_group (
	template INTEGER NOT NULL REFERENCES session_template (id),
	kind TEXT NOT NULL CHECK (kind IN ('LOCATION', 'CATEGORY', 'INCENTIVE')),
	value TEXT NOT NULL CHECK (value <> ''),
	PRIMARY KEY (template, kind, value)
) STRICT;

-- ---- what the rules need to know of prisoners and visits ----
ALTER TABLE prisoner ADD COLUMN level2 TEXT NOT NULL DEFAULT ''; -- wing is level 1
ALTER TABLE prisoner ADD COLUMN level3 TEXT NOT NULL DEFAULT '';
ALTER TABLE prisoner ADD COLUMN level4 TEXT NOT NULL DEFAULT '';
ALTER TABLE prisoner ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE prisoner ADD COLUMN incentive TEXT NOT NULL DEFAULT 'STD';
ALTER TABLE prisoner ADD COLUMN convicted INTEGER NOT NULL DEFAULT 1 CHECK (convicted IN (0, 1));
ALTER TABLE visit ADD COLUMN closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1));
ALTER TABLE visit ADD COLUMN session INTEGER REFERENCES session_template (id); -- whose places it takes
CREATE INDEX visit_prisoner ON visit (prisoner, start_at);

-- Where people are on the way: no rule about wings is meant by these.
CREATE TABLE transitional_location (
	code TEXT NOT NULL PRIMARY KEY
) STRICT;
INSERT INTO transitional_location (code) VALUES ('RECP'), ('COURT'), ('TAP'), ('ECL'), ('CSWAP');

-- ---- days without visits, places that are closed for a time ----
CREATE TABLE exclude_date (
	id INTEGER NOT NULL PRIMARY KEY,
	prison TEXT NOT NULL REFERENCES prison (code),
	template INTEGER REFERENCES session_template (id), -- NULL: the whole prison
	day INTEGER NOT NULL,
	reason TEXT NOT NULL CHECK (reason <> ''),
	author INTEGER REFERENCES account (id),
	made_at INTEGER NOT NULL,
	removed_at INTEGER NOT NULL -- 0: stands
) STRICT;
CREATE INDEX exclude_date_of ON exclude_date (prison, day);
CREATE UNIQUE INDEX exclude_date_once ON exclude_date (prison, day, COALESCE(template, 0)) WHERE removed_at = 0;

CREATE TABLE place_block (
	id INTEGER NOT NULL PRIMARY KEY,
	prison TEXT NOT NULL REFERENCES prison (code),
	room INTEGER NOT NULL REFERENCES room (id),
	terminal INTEGER REFERENCES terminal (id), -- NULL: all of the room
	from_at INTEGER NOT NULL,
	to_at INTEGER NOT NULL,
	reason TEXT NOT NULL CHECK (reason <> ''),
	author INTEGER REFERENCES account (id),
	made_at INTEGER NOT NULL,
	removed_at INTEGER NOT NULL, -- 0: stands
	CHECK (from_at < to_at)
) STRICT;
CREATE INDEX place_block_of ON place_block (prison, to_at);

-- What a room is for: one thing, all things, or by its schedule.
ALTER TABLE room ADD COLUMN active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1));
ALTER TABLE room ADD COLUMN room_use TEXT NOT NULL DEFAULT 'SHARED'
	CHECK (room_use IN ('SHARED', 'SOCIAL', 'LEGAL', 'OFFICIAL', 'SCHEDULE'));
CREATE TABLE room_usage (
	id INTEGER NOT NULL PRIMARY KEY,
	room INTEGER NOT NULL REFERENCES room (id),
	weekdays INTEGER NOT NULL,
	start_minute INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 1439),
	end_minute INTEGER NOT NULL CHECK (end_minute BETWEEN 1 AND 1440),
	room_use TEXT NOT NULL CHECK (room_use IN ('SOCIAL', 'LEGAL', 'OFFICIAL', 'BLOCKED')),
	author INTEGER REFERENCES account (id),
	reason TEXT NOT NULL,
	made_at INTEGER NOT NULL,
	removed_at INTEGER NOT NULL, -- 0: stands
	CHECK (start_minute < end_minute)
) STRICT;
CREATE INDEX room_usage_of ON room_usage (room);

-- ---- the regime: what a prisoner has to do that goes before a visit ----
CREATE TABLE regime_event_code (
	code TEXT NOT NULL PRIMARY KEY,
	name TEXT NOT NULL,
	hides INTEGER NOT NULL CHECK (hides IN (0, 1))
) STRICT;
INSERT INTO regime_event_code (code, name, hides) VALUES
	('OIC', 'Adjudication', 1), ('CABA', 'Case: bail', 1), ('CABE', 'Case: benefits', 1), ('CAHO', 'Case: housing', 1),
	('CALA', 'Case: legal aid', 1), ('CAOT', 'Case: other', 1), ('CAPR', 'Case: probation', 1),
	('RAPT', 'Case: RAPT', 1), ('SMS', 'Case: SMS', 1), ('EXAM', 'Examination', 1), ('GOVE', 'Governor', 1),
	('IMM', 'Immigration', 1), ('IND', 'Induction', 1), ('MEDE', 'Dentist', 1), ('MEDO', 'Doctor', 1),
	('MEOP', 'Optician', 1), ('MEOT', 'Medical, other', 1), ('MEPS', 'Psychology', 1), ('MEXR', 'X-ray', 1),
	('PRM', 'Pre-release', 1), ('FOPS', 'Forensic psychology', 1), ('SOLS', 'Solicitor', 1),
	('VLB', 'Video link: court', 1), ('VLLA', 'Video link: legal', 1), ('VLPA', 'Video link: parole', 1),
	('VLPM', 'Video link: probation', 1);
CREATE TABLE regime_event (
	id INTEGER NOT NULL PRIMARY KEY,
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	code TEXT NOT NULL REFERENCES regime_event_code (code),
	from_at INTEGER NOT NULL,
	to_at INTEGER NOT NULL,
	author INTEGER REFERENCES account (id),
	made_at INTEGER NOT NULL,
	removed_at INTEGER NOT NULL, -- 0: stands
	CHECK (from_at < to_at)
) STRICT;
CREATE INDEX regime_event_of ON regime_event (prisoner, to_at);

-- ---- a time that is held for somebody who fills in the form ----
CREATE TABLE application (
	id INTEGER NOT NULL PRIMARY KEY,
	booker INTEGER NOT NULL REFERENCES account (id),
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	prison TEXT NOT NULL REFERENCES prison (code),
	kind TEXT NOT NULL CHECK (kind IN ('SOCIAL', 'LEGAL', 'OFFICIAL')),
	terminal INTEGER NOT NULL REFERENCES terminal (id),
	session INTEGER REFERENCES session_template (id),
	start_at INTEGER NOT NULL,
	minutes INTEGER NOT NULL CHECK (minutes > 0),
	made_at INTEGER NOT NULL,
	hold_until INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('IN_PROGRESS', 'ACCEPTED', 'EXPIRED'))
) STRICT;
CREATE UNIQUE INDEX application_one ON application (booker, prisoner) WHERE state = 'IN_PROGRESS';
CREATE INDEX application_due ON application (state, hold_until);
CREATE INDEX application_prison ON application (prison, start_at);

-- A place is taken by a visit or held by an application, never both: the same primary key guards both.
CREATE TABLE slot_use_new (
	resource_kind TEXT NOT NULL CHECK (resource_kind IN ('PRISONER', 'PERSON', 'TERMINAL')),
	resource INTEGER NOT NULL,
	quantum INTEGER NOT NULL,
	visit INTEGER REFERENCES visit (id),
	application INTEGER REFERENCES application (id),
	PRIMARY KEY (resource_kind, resource, quantum),
	CHECK ((visit IS NULL) <> (application IS NULL))
) STRICT;
INSERT INTO slot_use_new (resource_kind, resource, quantum, visit)
	SELECT resource_kind, resource, quantum, visit FROM slot_use;
DROP TABLE slot_use;
ALTER TABLE slot_use_new RENAME TO slot_use;
CREATE INDEX slot_use_visit ON slot_use (visit);
CREATE INDEX slot_use_application ON slot_use (application);

-- ---- a booked visit that something now speaks against: staff decide ----
CREATE TABLE visit_review (
	id INTEGER NOT NULL PRIMARY KEY,
	visit INTEGER NOT NULL REFERENCES visit (id),
	event TEXT NOT NULL,  -- what happened: 'POLICY_CHANGED', 'PRISON_DATE_BLOCKED' …
	issue TEXT NOT NULL,  -- what speaks against the visit: the code of a rule of booking
	opened_at INTEGER NOT NULL,
	due_at INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('OPEN', 'ACKNOWLEDGED', 'UNFLAGGED')),
	reason TEXT NOT NULL, -- of the decision
	decided_by INTEGER REFERENCES account (id),
	decided_at INTEGER NOT NULL,
	CHECK ((state = 'OPEN') = (decided_at = 0))
) STRICT;
CREATE INDEX visit_review_of ON visit_review (visit);
CREATE INDEX visit_review_state ON visit_review (state, due_at);
CREATE UNIQUE INDEX visit_review_open ON visit_review (visit, issue) WHERE state = 'OPEN';

-- ---- the national rules of times and places, to begin with ----
INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'social_on' AS name, 1 AS value, 'Social visits are held by video' AS reason
	UNION ALL SELECT 2, 'legal_on', 1, 'Legal visits are held by video'
	UNION ALL SELECT 3, 'official_on', 1, 'Official visits are held by video'
	UNION ALL SELECT 4, 'open_from_day', 0, 'Visits are held as soon as the prison is ready'
	UNION ALL SELECT 5, 'notice_days', 0, 'The notice counts in hours; a prison may ask for whole days'
	UNION ALL SELECT 6, 'notice_days_staff', 0, 'Staff know whether a movement can still be arranged'
	UNION ALL SELECT 7, 'window_days_staff', 28, 'Staff book for the same weeks as families'
	UNION ALL SELECT 8, 'review_extra_days', 2, 'Time for staff to look at a request'
	UNION ALL SELECT 9, 'hold_minutes', 10, 'A time stays free while somebody fills in the form'
	UNION ALL SELECT 10, 'hold_purge_minutes', 1440, 'Abandoned forms are forgotten after a day'
	UNION ALL SELECT 11, 'social_minutes_min', 30, 'GOV.UK guidance: calls of 30 or 60 minutes'
	UNION ALL SELECT 12, 'social_minutes_max', 60, 'GOV.UK guidance: calls of 30 or 60 minutes'
	UNION ALL SELECT 13, 'legal_minutes_min', 15, 'A consultation before a hearing'
	UNION ALL SELECT 14, 'legal_minutes_max', 120, 'A long conference'
	UNION ALL SELECT 15, 'official_minutes_min', 15, 'A short official talk'
	UNION ALL SELECT 16, 'official_minutes_max', 120, 'A long official talk'
	UNION ALL SELECT 17, 'seat_adult_age', 18, 'Most prisons count people as adults from 18'
	UNION ALL SELECT 18, 'adults_max', 4, 'Up to four callers, all of whom may be adults'
	UNION ALL SELECT 19, 'children_max', 4, 'Children count as callers'
	UNION ALL SELECT 20, 'closed_visits_max', 1, 'A closed visit is watched by an officer for itself'
	UNION ALL SELECT 21, 'link_calls_max', 100, 'As many calls at once as there are terminals'
	UNION ALL SELECT 22, 'link_calls_reserve', 0, 'Nothing is kept back for the courts'
	UNION ALL SELECT 23, 'cancel_until_minutes', 0, 'A visit may be cancelled until it begins'
	UNION ALL SELECT 24, 'review_days', 3, 'Staff decide on a flagged visit within three days'
) AS first_values;
