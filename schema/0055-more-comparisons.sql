-- 0055: events for other systems and what prisoners ask for, with their checks written as comparisons (see 0043).

CREATE TABLE webhook_event_compared (
	webhook INTEGER NOT NULL REFERENCES webhook (id),
	seq INTEGER NOT NULL,
	type TEXT NOT NULL CHECK (type <> ''),
	object_id INTEGER NOT NULL, -- the visit or prisoner
	reference TEXT NOT NULL,    -- of the visit; '': no visit
	prison TEXT NOT NULL,
	at INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state = 'WAITING' OR state = 'SENDING' OR state = 'DELIVERED' OR state = 'FAILED'),
	attempts INTEGER NOT NULL CHECK (attempts >= 0),
	next_at INTEGER NOT NULL,
	changed_at INTEGER NOT NULL,
	problem TEXT NOT NULL,
	PRIMARY KEY (webhook, seq)
) STRICT;
INSERT INTO webhook_event_compared (webhook, seq, type, object_id, reference, prison, at, state, attempts, next_at,
	changed_at, problem)
SELECT webhook, seq, type, object_id, reference, prison, at, state, attempts, next_at, changed_at, problem
FROM webhook_event;
DROP TABLE webhook_event;
ALTER TABLE webhook_event_compared RENAME TO webhook_event;
CREATE INDEX webhook_event_due ON webhook_event (state, next_at);
CREATE INDEX webhook_event_order ON webhook_event (webhook, reference, seq);

CREATE TABLE visit_ask_compared (
	id INTEGER NOT NULL PRIMARY KEY,
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	person INTEGER NOT NULL REFERENCES person (id),
	state TEXT NOT NULL CHECK (state = 'STAFF' OR state = 'OPEN' OR state = 'DECLINED' OR state = 'REFUSED' OR
		state = 'BOOKED' OR state = 'LAPSED'),
	asked_at INTEGER NOT NULL,
	lapses_at INTEGER NOT NULL,
	reason TEXT NOT NULL, -- of staff who did not pass it on
	decided_by INTEGER REFERENCES account (id),
	decided_at INTEGER NOT NULL, -- 0: not yet
	CHECK ((state = 'STAFF' OR state = 'OPEN') = (decided_at = 0)),
	CHECK ((state = 'REFUSED') = (reason <> ''))
) STRICT;
INSERT INTO visit_ask_compared (id, prisoner, person, state, asked_at, lapses_at, reason, decided_by, decided_at)
SELECT id, prisoner, person, state, asked_at, lapses_at, reason, decided_by, decided_at FROM visit_ask;
DROP TABLE visit_ask;
ALTER TABLE visit_ask_compared RENAME TO visit_ask;
CREATE UNIQUE INDEX visit_ask_once ON visit_ask (prisoner, person) WHERE decided_at = 0;
CREATE INDEX visit_ask_person ON visit_ask (person, state);
CREATE INDEX visit_ask_state ON visit_ask (state, asked_at);
