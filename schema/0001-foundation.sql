-- 0001: the tables of booking, approval, visits, their accounting and the audit log.
--
-- One text for SQLite and PostgreSQL: ids are given by the program, times are
-- seconds since 1970 in UTC, dates are days since 1970, truth is 0 or 1.
-- INTEGER has 64 bits; where a database says BIGINT and BYTEA, and knows no STRICT, the runner says so.

CREATE TABLE prison (
	code TEXT NOT NULL PRIMARY KEY,
	name TEXT NOT NULL,
	name_cy TEXT NOT NULL,
	ready INTEGER NOT NULL CHECK (ready IN (0, 1)),
	not_ready_reason TEXT NOT NULL,
	CHECK (ready = 0 OR not_ready_reason = '')
) STRICT;

CREATE TABLE account (
	id INTEGER NOT NULL PRIMARY KEY,
	staff INTEGER NOT NULL CHECK (staff IN (0, 1)),
	email TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	password_hash TEXT NOT NULL,
	language TEXT NOT NULL CHECK (language IN ('en', 'cy')),
	created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE staff_role (
	account INTEGER NOT NULL REFERENCES account (id),
	role TEXT NOT NULL CHECK (role IN ('visits_clerk', 'monitor', 'contacts_authoriser',
		'duty_governor', 'prison_admin', 'hq_analyst', 'hq_admin', 'operator', 'inspector')),
	prison TEXT NOT NULL, -- '' for national roles
	granted_at INTEGER NOT NULL,
	PRIMARY KEY (account, role, prison)
) STRICT;

-- A row with prison '' holds for all prisons.
CREATE TABLE prison_policy (
	seq INTEGER NOT NULL PRIMARY KEY,
	prison TEXT NOT NULL,
	name TEXT NOT NULL,
	value INTEGER NOT NULL,
	valid_from INTEGER NOT NULL,
	author INTEGER REFERENCES account (id),
	reason TEXT NOT NULL CHECK (reason <> '')
) STRICT;
CREATE INDEX prison_policy_of ON prison_policy (prison, seq);

CREATE TABLE room (
	id INTEGER NOT NULL PRIMARY KEY,
	prison TEXT NOT NULL REFERENCES prison (code),
	name TEXT NOT NULL,
	UNIQUE (prison, name)
) STRICT;

CREATE TABLE terminal (
	id INTEGER NOT NULL PRIMARY KEY,
	prison TEXT NOT NULL REFERENCES prison (code),
	room INTEGER NOT NULL REFERENCES room (id),
	name TEXT NOT NULL,
	active INTEGER NOT NULL CHECK (active IN (0, 1)),
	public_key BLOB,
	code_hash BLOB UNIQUE,
	code_expires INTEGER NOT NULL,
	last_seen INTEGER NOT NULL,
	UNIQUE (prison, name)
) STRICT;

CREATE TABLE terminal_challenge (
	challenge BLOB NOT NULL PRIMARY KEY,
	terminal INTEGER NOT NULL REFERENCES terminal (id),
	expires INTEGER NOT NULL
) STRICT;
CREATE INDEX terminal_challenge_of ON terminal_challenge (terminal);

CREATE TABLE session_template (
	id INTEGER NOT NULL PRIMARY KEY,
	prison TEXT NOT NULL REFERENCES prison (code),
	weekdays INTEGER NOT NULL,
	start_minute INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 1439),
	end_minute INTEGER NOT NULL CHECK (end_minute BETWEEN 1 AND 1440),
	slot_minutes INTEGER NOT NULL CHECK (slot_minutes BETWEEN 5 AND 240 AND slot_minutes % 5 = 0),
	every_weeks INTEGER NOT NULL CHECK (every_weeks BETWEEN 1 AND 52),
	valid_from INTEGER NOT NULL,
	valid_to INTEGER, -- the last day; NULL: open
	active INTEGER NOT NULL CHECK (active IN (0, 1)),
	CHECK (start_minute < end_minute AND start_minute % 5 = 0)
) STRICT;
CREATE INDEX session_template_of ON session_template (prison);

CREATE TABLE prisoner (
	id INTEGER NOT NULL PRIMARY KEY,
	number TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	born INTEGER NOT NULL,
	prison TEXT NOT NULL REFERENCES prison (code),
	wing TEXT NOT NULL
) STRICT;

-- token is the SHA-256 of the cookie; the cookie itself is stored nowhere.
CREATE TABLE web_session (
	token BLOB NOT NULL PRIMARY KEY,
	csrf TEXT NOT NULL,
	account INTEGER REFERENCES account (id),
	terminal INTEGER REFERENCES terminal (id),
	role TEXT NOT NULL,
	prison TEXT NOT NULL,
	seen INTEGER NOT NULL,
	idle_s INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	CHECK ((account IS NULL) <> (terminal IS NULL))
) STRICT;
CREATE INDEX web_session_expires ON web_session (expires);
CREATE INDEX web_session_terminal ON web_session (terminal);

CREATE TABLE person (
	id INTEGER NOT NULL PRIMARY KEY,
	booker INTEGER NOT NULL REFERENCES account (id),
	name TEXT NOT NULL,
	born INTEGER NOT NULL
) STRICT;
CREATE INDEX person_booker ON person (booker);

CREATE TABLE contact (
	id INTEGER NOT NULL PRIMARY KEY,
	person INTEGER NOT NULL REFERENCES person (id),
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	relationship TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('REQUESTED', 'APPROVED', 'REJECTED')),
	reason TEXT NOT NULL,
	decided_by INTEGER REFERENCES account (id),
	requested_at INTEGER NOT NULL,
	decided_at INTEGER NOT NULL,
	UNIQUE (prisoner, person),
	CHECK ((state = 'REQUESTED') = (decided_at = 0)),
	CHECK (state <> 'REJECTED' OR reason <> '')
) STRICT;
CREATE INDEX contact_person ON contact (person);
CREATE INDEX contact_state ON contact (state, requested_at);

CREATE TABLE contact_mismatch (
	account INTEGER NOT NULL REFERENCES account (id),
	at INTEGER NOT NULL
) STRICT;
CREATE INDEX contact_mismatch_of ON contact_mismatch (account, at);

CREATE TABLE visit (
	id INTEGER NOT NULL PRIMARY KEY,
	reference TEXT NOT NULL UNIQUE,
	kind TEXT NOT NULL CHECK (kind IN ('SOCIAL', 'LEGAL', 'OFFICIAL')),
	state TEXT NOT NULL CHECK (state IN ('REQUESTED', 'BOOKED', 'LOBBY', 'LIVE', 'COMPLETED',
		'CANCELLED', 'NO_SHOW')),
	prison TEXT NOT NULL REFERENCES prison (code),
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	terminal INTEGER NOT NULL REFERENCES terminal (id),
	booker INTEGER NOT NULL REFERENCES account (id),
	start_at INTEGER NOT NULL,
	minutes INTEGER NOT NULL CHECK (minutes > 0),
	policy_version INTEGER NOT NULL,
	booked_at INTEGER NOT NULL,
	lobby_at INTEGER NOT NULL,
	visitor_seen INTEGER NOT NULL CHECK (visitor_seen IN (0, 1)),
	prisoner_seen INTEGER NOT NULL CHECK (prisoner_seen IN (0, 1)),
	live_from INTEGER NOT NULL,
	ended_at INTEGER NOT NULL,
	used_s INTEGER NOT NULL CHECK (used_s >= 0),
	counted_minutes INTEGER NOT NULL CHECK (counted_minutes BETWEEN 0 AND minutes),
	end_kind TEXT NOT NULL,
	end_reason TEXT NOT NULL,
	UNIQUE (id, kind),
	CHECK (start_at % 300 = 0),
	CHECK ((state IN ('COMPLETED', 'CANCELLED', 'NO_SHOW')) = (ended_at <> 0)),
	CHECK ((ended_at <> 0) = (end_kind <> 'NONE')),
	CHECK (state <> 'LIVE' OR live_from <> 0)
) STRICT;
CREATE INDEX visit_booker ON visit (booker, start_at);
CREATE INDEX visit_prison ON visit (prison, start_at);
CREATE INDEX visit_terminal ON visit (terminal, start_at);
CREATE INDEX visit_state ON visit (state, start_at);

-- The kind stands here too, so that the foreign key refuses to change it there.
CREATE TABLE visit_visitor (
	visit INTEGER NOT NULL,
	kind TEXT NOT NULL,
	person INTEGER NOT NULL REFERENCES person (id),
	lead INTEGER NOT NULL CHECK (lead IN (0, 1)),
	admitted_at INTEGER NOT NULL,
	admitted_by INTEGER REFERENCES account (id),
	refused_reason TEXT NOT NULL,
	PRIMARY KEY (visit, person),
	FOREIGN KEY (visit, kind) REFERENCES visit (id, kind),
	CHECK (admitted_at = 0 OR refused_reason = '')
) STRICT;
CREATE INDEX visit_visitor_person ON visit_visitor (person);

-- One row for each thing a visit needs and each five minutes: nothing is used twice.
CREATE TABLE slot_use (
	resource_kind TEXT NOT NULL CHECK (resource_kind IN ('PRISONER', 'PERSON', 'TERMINAL')),
	resource INTEGER NOT NULL,
	quantum INTEGER NOT NULL,
	visit INTEGER NOT NULL REFERENCES visit (id),
	PRIMARY KEY (resource_kind, resource, quantum)
) STRICT;
CREATE INDEX slot_use_visit ON slot_use (visit);

-- Only ever added to.
CREATE TABLE allowance_entry (
	id INTEGER NOT NULL PRIMARY KEY,
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	kind TEXT NOT NULL CHECK (kind IN ('VIDEO')),
	minutes INTEGER NOT NULL,
	reason TEXT NOT NULL CHECK (reason IN ('MONTH', 'BOOKED', 'CANCELLED', 'UNUSED')),
	visit INTEGER REFERENCES visit (id),
	month INTEGER NOT NULL,
	actor INTEGER NOT NULL,
	at INTEGER NOT NULL,
	CHECK ((reason = 'MONTH') = (visit IS NULL)),
	CHECK ((reason = 'BOOKED') = (minutes < 0) OR minutes = 0)
) STRICT;
CREATE INDEX allowance_entry_of ON allowance_entry (prisoner, kind, month);
CREATE UNIQUE INDEX allowance_entry_month ON allowance_entry (prisoner, kind, month)
	WHERE reason = 'MONTH';
-- A visit is paid once and given back once, whatever happens twice.
CREATE UNIQUE INDEX allowance_entry_paid ON allowance_entry (visit) WHERE reason = 'BOOKED';
CREATE UNIQUE INDEX allowance_entry_back ON allowance_entry (visit)
	WHERE reason IN ('CANCELLED', 'UNUSED');

CREATE TABLE audit_leaf (
	seq INTEGER NOT NULL PRIMARY KEY,
	at INTEGER NOT NULL,
	role TEXT NOT NULL,
	account INTEGER NOT NULL,
	terminal INTEGER NOT NULL,
	prison TEXT NOT NULL,
	verb TEXT NOT NULL,
	object TEXT NOT NULL,
	object_id INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	commitment BLOB NOT NULL,
	leaf BLOB NOT NULL
) STRICT;
CREATE INDEX audit_leaf_prison ON audit_leaf (prison, seq);

-- Apart from the log: without the salt a commitment says nothing any more.
CREATE TABLE audit_salt (
	seq INTEGER NOT NULL PRIMARY KEY REFERENCES audit_leaf (seq),
	salt BLOB NOT NULL
) STRICT;

-- The national rules to begin with.
INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason) VALUES
	(1, '', 'allowance_minutes_month', 60, 0, NULL, 'GOV.UK guidance: two 30-minute calls or one of 60 minutes a month'),
	(2, '', 'notice_hours', 24, 0, NULL, 'Time to approve and to plan movements'),
	(3, '', 'window_days', 28, 0, NULL, 'The usual booking window'),
	(4, '', 'party_max', 4, 0, NULL, 'GOV.UK guidance: up to four callers'),
	(5, '', 'adult_age', 18, 0, NULL, 'GOV.UK guidance: the main caller is 18 or older'),
	(6, '', 'grace_minutes', 5, 0, NULL, 'A visit is not cut off while nobody needs the terminal'),
	(7, '', 'lobby_minutes', 10, 0, NULL, 'Time to check identity before the start'),
	(8, '', 'join_minutes', 15, 0, NULL, 'A late start is better than none'),
	(9, '', 'open_requests_max', 6, 0, NULL, 'The limit of the public service of today'),
	(10, '', 'mismatches_day', 5, 0, NULL, 'Nobody can try out who is in prison'),
	(11, '', 'cancel_refund_minutes', 0, 0, NULL, 'Minutes come back until the visit begins');
