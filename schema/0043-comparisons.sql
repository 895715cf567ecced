-- 0043: the tables that each booking writes to, with their checks written as comparisons.

-- SQLite fills a temporary table for each IN list of more than two values, at each insert: twenty-three of
-- them were two fifths of the CPU of a booking.  The checks say the same as before.

CREATE TABLE slot_use_compared (
	resource_kind TEXT NOT NULL CHECK (resource_kind = 'PRISONER' OR resource_kind = 'PERSON' OR resource_kind = 'TERMINAL'),
	resource INTEGER NOT NULL,
	quantum INTEGER NOT NULL,
	visit INTEGER REFERENCES visit (id),
	application INTEGER REFERENCES application (id),
	PRIMARY KEY (resource_kind, resource, quantum),
	CHECK ((visit IS NULL) <> (application IS NULL))
) STRICT;
INSERT INTO slot_use_compared (resource_kind, resource, quantum, visit, application)
SELECT resource_kind, resource, quantum, visit, application FROM slot_use;
DROP TABLE slot_use;
ALTER TABLE slot_use_compared RENAME TO slot_use;
CREATE INDEX slot_use_visit ON slot_use (visit);
CREATE INDEX slot_use_application ON slot_use (application);

CREATE TABLE ledger_entry_compared (
	id INTEGER NOT NULL PRIMARY KEY,
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	kind TEXT NOT NULL CHECK (kind = 'VIDEO' OR kind = 'VO' OR kind = 'PVO'),
	amount INTEGER NOT NULL,
	type TEXT NOT NULL CHECK (type = 'MONTH' OR type = 'BOOKED' OR type = 'CANCELLED' OR type = 'UNUSED' OR type = 'ADJUSTED' OR
		type = 'MERGED' OR type = 'ALLOCATION' OR type = 'ACCUMULATION' OR type = 'EXPIRATION' OR
		type = 'ALLOCATION_USED_BY_VISIT' OR type = 'ALLOCATION_REFUNDED_BY_VISIT_CANCELLED' OR
		type = 'NEGATIVE_BALANCE_REPAID' OR type = 'PRISONER_BALANCE_RESET' OR
		type = 'ALLOCATION_ADDED_AFTER_PRISONER_MERGE' OR type = 'MANUAL_PRISONER_BALANCE_ADJUSTMENT'),
	visit INTEGER REFERENCES visit (id),
	month INTEGER NOT NULL, -- VIDEO: months since year 0
	lot INTEGER NOT NULL,
	lot_day INTEGER NOT NULL,
	keep_until INTEGER NOT NULL,
	reason TEXT NOT NULL CHECK (reason = '' OR reason = 'GOVERNOR_ADJUSTMENT' OR reason = 'BALANCE_TRANSFER_FROM_PREVIOUS_PRISON' OR
		reason = 'CORRECTIVE_ACTION' OR reason = 'EXCHANGE_FOR_PIN_PHONE_CREDIT' OR
		reason = 'EXTRA_VISIT_RULE_35_3' OR reason = 'OTHER'),
	actor INTEGER NOT NULL,
	at INTEGER NOT NULL,
	CHECK (kind = 'VIDEO' OR month = 0),
	CHECK (type <> 'BOOKED' OR amount <= 0),
	CHECK (visit IS NOT NULL OR (type <> 'BOOKED' AND type <> 'CANCELLED' AND type <> 'UNUSED'
		AND type <> 'ALLOCATION_USED_BY_VISIT' AND type <> 'ALLOCATION_REFUNDED_BY_VISIT_CANCELLED')),
	CHECK ((type = 'ADJUSTED' OR type = 'MANUAL_PRISONER_BALANCE_ADJUSTMENT') = (reason <> ''))
) STRICT;
INSERT INTO ledger_entry_compared (id, prisoner, kind, amount, type, visit, month, lot, lot_day, keep_until, reason,
	actor, at)
SELECT id, prisoner, kind, amount, type, visit, month, lot, lot_day, keep_until, reason, actor, at FROM ledger_entry;
DROP TABLE ledger_entry;
ALTER TABLE ledger_entry_compared RENAME TO ledger_entry;
CREATE INDEX ledger_entry_month ON ledger_entry (prisoner, kind, month);
CREATE INDEX ledger_entry_lot ON ledger_entry (prisoner, lot);
CREATE UNIQUE INDEX ledger_month_once ON ledger_entry (prisoner, kind, month) WHERE type = 'MONTH';
CREATE UNIQUE INDEX ledger_allocated_once ON ledger_entry (prisoner, kind, lot_day) WHERE type = 'ALLOCATION';
CREATE UNIQUE INDEX ledger_paid_once ON ledger_entry (visit) WHERE type = 'BOOKED';
CREATE UNIQUE INDEX ledger_back_once ON ledger_entry (visit) WHERE type IN ('CANCELLED', 'UNUSED');
CREATE UNIQUE INDEX ledger_order_used_once ON ledger_entry (visit) WHERE type = 'ALLOCATION_USED_BY_VISIT';
CREATE UNIQUE INDEX ledger_order_back_once ON ledger_entry (visit)
	WHERE type = 'ALLOCATION_REFUNDED_BY_VISIT_CANCELLED';

CREATE TABLE message_compared (
	id INTEGER NOT NULL PRIMARY KEY,
	seq INTEGER NOT NULL UNIQUE,
	kind TEXT NOT NULL CHECK (kind <> ''),
	channel TEXT NOT NULL CHECK (channel = 'EMAIL' OR channel = 'SMS' OR channel = 'LETTER'),
	account INTEGER NOT NULL REFERENCES account (id),
	prison TEXT NOT NULL, -- '': none
	object INTEGER NOT NULL, -- what it is about: a visit, a contact, a person, an offer
	occasion INTEGER NOT NULL, -- tells apart what may happen to an object more than once
	reference TEXT NOT NULL, -- of the visit, as it was then; '': none
	start_at INTEGER NOT NULL,
	minutes INTEGER NOT NULL,
	was_at INTEGER NOT NULL, -- 0: none
	revision INTEGER NOT NULL,
	number INTEGER NOT NULL,
	why TEXT NOT NULL, -- a code
	answer_by INTEGER NOT NULL, -- 0: none
	made_at INTEGER NOT NULL,
	no_use_after INTEGER NOT NULL, -- 0: always of use
	state TEXT NOT NULL CHECK (state = 'WAITING' OR state = 'SENDING' OR state = 'SENT' OR state = 'DELIVERED' OR state = 'BOUNCED' OR
		state = 'FAILED' OR state = 'WITHDRAWN'),
	attempts INTEGER NOT NULL,
	next_at INTEGER NOT NULL, -- not before; of SENT: when to ask whether it arrived, 0: never
	changed_at INTEGER NOT NULL,
	provider TEXT NOT NULL CHECK (provider = '' OR provider = 'LOCAL' OR provider = 'SMTP' OR provider = 'NOTIFY'),
	provider_id TEXT NOT NULL,
	problem TEXT NOT NULL,
	-- Who is told of a change is told once.
	UNIQUE (kind, account, object, occasion, channel)
) STRICT;
INSERT INTO message_compared (id, seq, kind, channel, account, prison, object, occasion, reference, start_at, minutes,
	was_at, revision, number, why, answer_by, made_at, no_use_after, state, attempts, next_at, changed_at, provider,
	provider_id, problem)
SELECT id, seq, kind, channel, account, prison, object, occasion, reference, start_at, minutes, was_at, revision, number,
	why, answer_by, made_at, no_use_after, state, attempts, next_at, changed_at, provider, provider_id, problem
FROM message;
DROP TABLE message;
ALTER TABLE message_compared RENAME TO message;
CREATE INDEX message_due ON message (state, next_at, seq);
CREATE INDEX message_order ON message (account, reference, object, seq);
CREATE INDEX message_made ON message (made_at);
CREATE INDEX message_of ON message (object);
