-- 0069: a booking writes fewer entries, and what takes places at a time is found in a few of them.

-- A step of five minutes is its key: SQLite keeps it once, not as a row and as an entry beside it.
CREATE TABLE slot_use_by_key (
	resource_kind TEXT NOT NULL CHECK (resource_kind = 'PRISONER' OR resource_kind = 'PERSON' OR resource_kind = 'TERMINAL'),
	resource INTEGER NOT NULL,
	quantum INTEGER NOT NULL,
	visit INTEGER REFERENCES visit (id),
	application INTEGER REFERENCES application (id),
	PRIMARY KEY (resource_kind, resource, quantum),
	CHECK ((visit IS NULL) <> (application IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO slot_use_by_key (resource_kind, resource, quantum, visit, application)
SELECT resource_kind, resource, quantum, visit, application FROM slot_use;
DROP TABLE slot_use;
ALTER TABLE slot_use_by_key RENAME TO slot_use;
CREATE INDEX slot_use_visit ON slot_use (visit) WHERE visit IS NOT NULL;
CREATE INDEX slot_use_application ON slot_use (application) WHERE application IS NOT NULL;

-- What keeps a message from being told twice begins with what it is about, by which messages are looked for; the
-- oldest are those with the smallest seq.
CREATE TABLE message_by_object (
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
	UNIQUE (object, kind, account, occasion, channel)
) STRICT;
INSERT INTO message_by_object (id, seq, kind, channel, account, prison, object, occasion, reference, start_at, minutes, was_at, revision, number,
	why, answer_by, made_at, no_use_after, state, attempts, next_at, changed_at, provider, provider_id, problem)
SELECT id, seq, kind, channel, account, prison, object, occasion, reference, start_at, minutes, was_at, revision, number,
	why, answer_by, made_at, no_use_after, state, attempts, next_at, changed_at, provider, provider_id, problem
FROM message;
DROP TABLE message;
ALTER TABLE message_by_object RENAME TO message;
CREATE INDEX message_due ON message (state, next_at, seq);
CREATE INDEX message_order ON message (account, reference, object, seq);

-- Only a visit of more than an hour reaches into a time from further before.
CREATE INDEX visit_long ON visit (prison, start_at, minutes) WHERE minutes > 60;

-- A time that is no longer held takes no place.
DROP INDEX application_prison;
CREATE INDEX application_prison ON application (prison, start_at) WHERE state = 'IN_PROGRESS';
