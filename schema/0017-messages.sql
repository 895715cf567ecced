-- 0017: what people are told: the outbox, written in the transaction of the change it tells of.

-- No name, no address, no words: those are read when it is sent.  seq is the order of writing.
CREATE TABLE message (
	id INTEGER NOT NULL PRIMARY KEY,
	seq INTEGER NOT NULL UNIQUE,
	kind TEXT NOT NULL CHECK (kind <> ''),
	channel TEXT NOT NULL CHECK (channel IN ('EMAIL', 'SMS', 'LETTER')),
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
	state TEXT NOT NULL CHECK (state IN ('WAITING', 'SENDING', 'SENT', 'DELIVERED', 'BOUNCED', 'FAILED', 'WITHDRAWN')),
	attempts INTEGER NOT NULL,
	next_at INTEGER NOT NULL, -- not before; of SENT: when to ask whether it arrived, 0: never
	changed_at INTEGER NOT NULL,
	provider TEXT NOT NULL CHECK (provider IN ('', 'LOCAL', 'SMTP', 'NOTIFY')),
	provider_id TEXT NOT NULL,
	problem TEXT NOT NULL,
	-- Who is told of a change is told once.
	UNIQUE (kind, account, object, occasion, channel)
) STRICT;
CREATE INDEX message_due ON message (state, next_at, seq);
CREATE INDEX message_order ON message (account, reference, object, seq);
CREATE INDEX message_made ON message (made_at);
CREATE INDEX message_of ON message (object);

-- How often the visit's entry in calendars has changed: RFC 5545 wants it counted (SEQUENCE).
ALTER TABLE visit ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'remind_first_hours' AS name, 72 AS value, 'Time to cancel so that somebody else gets the place' AS reason
	UNION ALL SELECT 2, 'remind_second_hours', 24, 'The day before'
	UNION ALL SELECT 3, 'remind_last_hours', 1, 'Time to find the device and a quiet place'
	UNION ALL SELECT 4, 'message_keep_days', 90, 'Time to look into a complaint that nobody was told'
) AS first_values;
