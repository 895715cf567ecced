-- 0003: people: one ledger of allowances, custody, restrictions, alerts, non-associations, requests, sources.

-- ---- allowances: only ever added to ----
-- VIDEO counts minutes of a month; VO and PVO are orders in lots, lot 0 is what is owed (domain/visit_order.h).
CREATE TABLE ledger_entry (
	id INTEGER NOT NULL PRIMARY KEY,
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	kind TEXT NOT NULL CHECK (kind IN ('VIDEO', 'VO', 'PVO')),
	amount INTEGER NOT NULL,
	type TEXT NOT NULL CHECK (type IN ('MONTH', 'BOOKED', 'CANCELLED', 'UNUSED', 'ADJUSTED', 'MERGED',
		'ALLOCATION', 'ACCUMULATION', 'EXPIRATION', 'ALLOCATION_USED_BY_VISIT',
		'ALLOCATION_REFUNDED_BY_VISIT_CANCELLED', 'NEGATIVE_BALANCE_REPAID', 'PRISONER_BALANCE_RESET',
		'ALLOCATION_ADDED_AFTER_PRISONER_MERGE', 'MANUAL_PRISONER_BALANCE_ADJUSTMENT')),
	visit INTEGER REFERENCES visit (id),
	month INTEGER NOT NULL, -- VIDEO: months since year 0
	lot INTEGER NOT NULL,
	lot_day INTEGER NOT NULL,
	keep_until INTEGER NOT NULL,
	reason TEXT NOT NULL CHECK (reason IN ('', 'GOVERNOR_ADJUSTMENT', 'BALANCE_TRANSFER_FROM_PREVIOUS_PRISON',
		'CORRECTIVE_ACTION', 'EXCHANGE_FOR_PIN_PHONE_CREDIT', 'EXTRA_VISIT_RULE_35_3', 'OTHER')),
	actor INTEGER NOT NULL,
	at INTEGER NOT NULL,
	CHECK (kind = 'VIDEO' OR month = 0),
	CHECK (type <> 'BOOKED' OR amount <= 0),
	CHECK (type NOT IN ('BOOKED', 'CANCELLED', 'UNUSED', 'ALLOCATION_USED_BY_VISIT',
		'ALLOCATION_REFUNDED_BY_VISIT_CANCELLED') OR visit IS NOT NULL),
	CHECK ((type IN ('ADJUSTED', 'MANUAL_PRISONER_BALANCE_ADJUSTMENT')) = (reason <> ''))
) STRICT;
INSERT INTO ledger_entry (id, prisoner, kind, amount, type, visit, month, lot, lot_day, keep_until, reason, actor, at)
	SELECT id, prisoner, kind, minutes, reason, visit, month, 0, 0, 0, '', actor, at FROM allowance_entry;
DROP TABLE allowance_entry;
CREATE INDEX ledger_entry_month ON ledger_entry (prisoner, kind, month);
CREATE INDEX ledger_entry_lot ON ledger_entry (prisoner, lot);
CREATE UNIQUE INDEX ledger_month_once ON ledger_entry (prisoner, kind, month) WHERE type = 'MONTH';
CREATE UNIQUE INDEX ledger_allocated_once ON ledger_entry (prisoner, kind, lot_day) WHERE type = 'ALLOCATION';
-- A visit is paid once and given back once, whatever happens twice.
CREATE UNIQUE INDEX ledger_paid_once ON ledger_entry (visit) WHERE type = 'BOOKED';
CREATE UNIQUE INDEX ledger_back_once ON ledger_entry (visit) WHERE type IN ('CANCELLED', 'UNUSED');
CREATE UNIQUE INDEX ledger_order_used_once ON ledger_entry (visit) WHERE type = 'ALLOCATION_USED_BY_VISIT';
CREATE UNIQUE INDEX ledger_order_back_once ON ledger_entry (visit)
	WHERE type = 'ALLOCATION_REFUNDED_BY_VISIT_CANCELLED';

-- What a prison gives at an incentive level; prison '': where it says nothing.
CREATE TABLE incentive_amount (
	seq INTEGER NOT NULL PRIMARY KEY,
	prison TEXT NOT NULL,
	level TEXT NOT NULL CHECK (level <> ''),
	vo INTEGER NOT NULL CHECK (vo BETWEEN 0 AND 26),
	pvo INTEGER NOT NULL CHECK (pvo BETWEEN 0 AND 26),
	valid_from INTEGER NOT NULL,
	author INTEGER REFERENCES account (id),
	reason TEXT NOT NULL CHECK (reason <> '')
) STRICT;
CREATE INDEX incentive_amount_of ON incentive_amount (prison, level, seq);
INSERT INTO incentive_amount (seq, prison, level, vo, pvo, valid_from, author, reason) VALUES
	(1, '', 'BAS', 2, 1, 0, NULL, 'Policy framework: where the prison sets nothing'),
	(2, '', 'STD', 2, 1, 0, NULL, 'Policy framework: where the prison sets nothing'),
	(3, '', 'ENH', 2, 1, 0, NULL, 'Policy framework: where the prison sets nothing');

-- ---- custody ----
-- A prisoner without a row has been in prison ever since, and was allocated nothing.
CREATE TABLE custody (
	prisoner INTEGER NOT NULL PRIMARY KEY REFERENCES prisoner (id),
	status TEXT NOT NULL CHECK (status IN ('IN', 'COURT', 'HOSPITAL', 'ABSENT', 'MOVING', 'RELEASED', 'MERGED')),
	since INTEGER NOT NULL,
	merged_into INTEGER REFERENCES prisoner (id),
	vo_day INTEGER NOT NULL, -- of the last allocation of orders; 0: never
	pvo_day INTEGER NOT NULL,
	run_day INTEGER NOT NULL, -- days up to here are in the ledger
	CHECK ((status = 'MERGED') = (merged_into IS NOT NULL))
) STRICT;

-- Numbers by which a prisoner was known before records were merged.
CREATE TABLE prisoner_alias (
	number TEXT NOT NULL PRIMARY KEY,
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	at INTEGER NOT NULL
) STRICT;
CREATE INDEX prisoner_alias_of ON prisoner_alias (prisoner);

-- ---- restrictions, alerts, decisions about children, non-associations ----
CREATE TABLE restriction (
	id INTEGER NOT NULL PRIMARY KEY,
	on_whom TEXT NOT NULL CHECK (on_whom IN ('PRISONER', 'VISITOR', 'PAIR')),
	code TEXT NOT NULL CHECK (code IN ('ACC', 'BAN', 'CCTV', 'CHILD', 'CLOSED', 'DIHCON', 'NONCON', 'PREINF',
		'RESTRICTED', 'NO_CONTACT')),
	prison TEXT NOT NULL REFERENCES prison (code), -- that laid it down
	prisoner INTEGER REFERENCES prisoner (id),
	person INTEGER REFERENCES person (id),
	visitor_name TEXT NOT NULL,
	visitor_born INTEGER NOT NULL,
	from_day INTEGER NOT NULL,
	to_day INTEGER, -- the last; NULL: until it is ended
	comment TEXT NOT NULL CHECK (comment <> ''),
	authorised_by TEXT NOT NULL CHECK (authorised_by <> ''),
	made_by INTEGER REFERENCES account (id),
	made_at INTEGER NOT NULL,
	ended_by INTEGER REFERENCES account (id),
	ended_at INTEGER NOT NULL, -- 0: stands
	end_reason TEXT NOT NULL,
	CHECK ((on_whom = 'VISITOR') = (prisoner IS NULL)),
	CHECK ((on_whom = 'PRISONER') = (visitor_name = '')),
	CHECK (code <> 'NO_CONTACT' OR on_whom = 'PAIR'),
	CHECK (to_day IS NULL OR from_day <= to_day),
	CHECK ((ended_at <> 0) = (end_reason <> ''))
) STRICT;
CREATE INDEX restriction_prisoner ON restriction (prisoner, ended_at);
CREATE INDEX restriction_visitor ON restriction (visitor_born, ended_at);

CREATE TABLE alert_rule (
	seq INTEGER NOT NULL PRIMARY KEY,
	code TEXT NOT NULL,
	description TEXT NOT NULL,
	forces_review INTEGER NOT NULL CHECK (forces_review IN (0, 1)),
	child INTEGER NOT NULL CHECK (child IN (0, 1)), -- children need a decision
	author INTEGER REFERENCES account (id),
	at INTEGER NOT NULL,
	reason TEXT NOT NULL CHECK (reason <> '')
) STRICT;
CREATE INDEX alert_rule_of ON alert_rule (code, seq);
INSERT INTO alert_rule (seq, code, description, forces_review, child, author, at, reason)
SELECT n, code, description, 1, child, NULL, 0, 'The list of the prison service' FROM (
	SELECT 1 AS n, 'C1' AS code, 'Child contact, level 1' AS description, 1 AS child
	UNION ALL SELECT 2, 'C2', 'Child contact, level 2', 1
	UNION ALL SELECT 3, 'C3', 'Child contact, level 3', 1
	UNION ALL SELECT 4, 'C4', 'Child contact, level 4', 1
	UNION ALL SELECT 5, 'CC1', 'Child communication, level 1', 1
	UNION ALL SELECT 6, 'CC2', 'Child communication, level 2', 1
	UNION ALL SELECT 7, 'CC3', 'Child communication, level 3', 1
	UNION ALL SELECT 8, 'CC4', 'Child communication, level 4', 1
	UNION ALL SELECT 9, 'CPC', 'Child protection', 1
	UNION ALL SELECT 10, 'CPRC', 'Person posing a risk to children', 1
	UNION ALL SELECT 11, 'OHCO', 'Other alert', 0
	UNION ALL SELECT 12, 'ONCR', 'Other alert: no contact request', 0
	UNION ALL SELECT 13, 'OVI', 'Other alert', 0
	UNION ALL SELECT 14, 'RCC', 'Risk', 0
	UNION ALL SELECT 15, 'RCDR', 'Risk', 0
	UNION ALL SELECT 16, 'RCON', 'Risk', 0
	UNION ALL SELECT 17, 'RCP', 'Risk', 0
	UNION ALL SELECT 18, 'RCS', 'Risk', 0
	UNION ALL SELECT 19, 'RDV', 'Risk: domestic violence', 0
	UNION ALL SELECT 20, 'RKC', 'Risk to children', 1
	UNION ALL SELECT 21, 'RKS', 'Risk to known adults', 0
	UNION ALL SELECT 22, 'RSP', 'Risk', 0
	UNION ALL SELECT 23, 'SC', 'Sexual offence', 1
	UNION ALL SELECT 24, 'SO', 'Sexual offence', 1
	UNION ALL SELECT 25, 'SONR', 'Sexual offence', 1
	UNION ALL SELECT 26, 'SOR', 'Sexual offence', 1
	UNION ALL SELECT 27, 'SR', 'Sexual offence', 1
	UNION ALL SELECT 28, 'SSHO', 'Sexual harm order', 1
	UNION ALL SELECT 29, 'V45', 'Vulnerability', 0
	UNION ALL SELECT 30, 'V46', 'Vulnerability', 0
	UNION ALL SELECT 31, 'VJOP', 'Vulnerability', 0
	UNION ALL SELECT 32, 'VOP', 'Vulnerability', 0
	UNION ALL SELECT 33, 'XCC', 'Security', 0
	UNION ALL SELECT 34, 'XCH', 'Security', 0
	UNION ALL SELECT 35, 'XCSEA', 'Security: child exploitation', 1
	UNION ALL SELECT 36, 'XRF', 'Security', 0
	UNION ALL SELECT 37, 'XSO', 'Security', 0
) AS first_codes;

CREATE TABLE alert (
	id INTEGER NOT NULL PRIMARY KEY,
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	code TEXT NOT NULL CHECK (code <> ''),
	from_day INTEGER NOT NULL,
	to_day INTEGER,
	comment TEXT NOT NULL,
	made_by INTEGER REFERENCES account (id),
	made_at INTEGER NOT NULL,
	ended_by INTEGER REFERENCES account (id),
	ended_at INTEGER NOT NULL, -- 0: stands
	end_reason TEXT NOT NULL,
	CHECK (to_day IS NULL OR from_day <= to_day),
	CHECK ((ended_at <> 0) = (end_reason <> ''))
) STRICT;
CREATE INDEX alert_of ON alert (prisoner, ended_at);

CREATE TABLE child_decision (
	seq INTEGER NOT NULL PRIMARY KEY,
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	child INTEGER NOT NULL REFERENCES person (id),
	level TEXT NOT NULL CHECK (level IN ('REFUSED', 'PERMITTED_SUPERVISED', 'PERMITTED')),
	decided_on INTEGER NOT NULL,
	review_on INTEGER NOT NULL,
	governor INTEGER REFERENCES account (id),
	reason TEXT NOT NULL CHECK (reason <> ''),
	CHECK (decided_on < review_on)
) STRICT;
CREATE INDEX child_decision_of ON child_decision (prisoner, child, seq);

CREATE TABLE non_association (
	id INTEGER NOT NULL PRIMARY KEY,
	a INTEGER NOT NULL REFERENCES prisoner (id),
	b INTEGER NOT NULL REFERENCES prisoner (id),
	reason TEXT NOT NULL CHECK (reason IN ('BULLYING', 'GANG_RELATED', 'ORGANISED_CRIME', 'LEGAL_REQUEST', 'THREAT',
		'VIOLENCE', 'OTHER')),
	scope TEXT NOT NULL CHECK (scope IN ('CELL', 'LANDING', 'WING')),
	comment TEXT NOT NULL CHECK (comment <> ''),
	made_by INTEGER REFERENCES account (id),
	made_at INTEGER NOT NULL,
	ended_by INTEGER REFERENCES account (id),
	ended_at INTEGER NOT NULL, -- 0: stands
	end_reason TEXT NOT NULL,
	CHECK (a < b),
	CHECK ((ended_at <> 0) = (end_reason <> ''))
) STRICT;
CREATE UNIQUE INDEX non_association_once ON non_association (a, b) WHERE ended_at = 0;
CREATE INDEX non_association_b ON non_association (b);

-- Which of the two has the day in that prison, and with how many visits: the primary key keeps the other out,
-- whoever books first and from which process.
CREATE TABLE non_association_day (
	a INTEGER NOT NULL,
	b INTEGER NOT NULL,
	prison TEXT NOT NULL,
	day INTEGER NOT NULL,
	holder INTEGER NOT NULL REFERENCES prisoner (id),
	visits INTEGER NOT NULL CHECK (visits > 0),
	PRIMARY KEY (a, b, prison, day)
) STRICT;
-- Which visits took it, so that each gives back what it took.
CREATE TABLE visit_apart (
	visit INTEGER NOT NULL REFERENCES visit (id),
	a INTEGER NOT NULL,
	b INTEGER NOT NULL,
	day INTEGER NOT NULL,
	prison TEXT NOT NULL,
	PRIMARY KEY (visit, a, b)
) STRICT;

-- ---- where facts come from ----
CREATE TABLE source (
	name TEXT NOT NULL PRIMARY KEY CHECK (name IN ('ALERTS', 'RESTRICTIONS', 'NON_ASSOCIATIONS')),
	status TEXT NOT NULL CHECK (status IN ('KEPT_HERE', 'UP', 'DOWN')),
	good_at INTEGER NOT NULL,
	note TEXT NOT NULL,
	set_by INTEGER REFERENCES account (id),
	set_at INTEGER NOT NULL
) STRICT;
INSERT INTO source (name, status, good_at, note, set_at) VALUES
	('ALERTS', 'KEPT_HERE', 0, '', 0), ('RESTRICTIONS', 'KEPT_HERE', 0, '', 0),
	('NON_ASSOCIATIONS', 'KEPT_HERE', 0, '', 0);

-- ---- visits that were asked for, and those that staff watch all the time ----
ALTER TABLE visit ADD COLUMN watched INTEGER NOT NULL DEFAULT 0 CHECK (watched IN (0, 1));
CREATE TABLE visit_request (
	visit INTEGER NOT NULL PRIMARY KEY REFERENCES visit (id),
	deadline INTEGER NOT NULL,
	outcome TEXT NOT NULL CHECK (outcome IN ('OPEN', 'APPROVED', 'REJECTED', 'AUTO_REJECTED', 'WITHDRAWN')),
	reason TEXT NOT NULL,
	decided_by INTEGER REFERENCES account (id),
	decided_at INTEGER NOT NULL,
	CHECK ((outcome = 'OPEN') = (decided_at = 0))
) STRICT;
CREATE INDEX visit_request_due ON visit_request (outcome, deadline);

-- ---- the national rules, to begin with ----
INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'order_vo_days' AS name, 14 AS value, 'Visiting orders come every two weeks' AS reason
	UNION ALL SELECT 2, 'order_pvo_days', 28, 'Privileged visiting orders come every four weeks'
	UNION ALL SELECT 3, 'order_accumulate_days', 28, 'Orders not used in four weeks are kept as accumulated'
	UNION ALL SELECT 4, 'order_pvo_life_days', 28, 'Privileged visiting orders last four weeks'
	UNION ALL SELECT 5, 'order_cap', 26, 'No more than a year of orders is kept'
	UNION ALL SELECT 6, 'order_refund_life_days', 14, 'What comes back can be used for two weeks at least'
	UNION ALL SELECT 7, 'video_pays', 0, 'GOV.UK guidance: video minutes of a month, no visiting orders'
	UNION ALL SELECT 8, 'remand_week_max', 3, 'Three visits a week before conviction'
	UNION ALL SELECT 9, 'remand_week_start', 1, 'The week begins on Monday'
	UNION ALL SELECT 10, 'review_decide_hours', 24, 'The family knows a day before the visit'
	UNION ALL SELECT 11, 'review_close_minute', 1200, 'Requests left open are rejected at 8pm'
	UNION ALL SELECT 12, 'source_stale_hours', 26, 'A daily import and two hours of grace'
	UNION ALL SELECT 13, 'child_age', 18, 'Children Act 1989: under 18'
) AS first_values;
