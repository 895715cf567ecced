-- 0077: one change may call off several visits: other systems are told of each, under the number of the one leaf.

CREATE TABLE webhook_event_each (
	webhook INTEGER NOT NULL REFERENCES webhook (id),
	seq INTEGER NOT NULL, -- of the leaf; 0 until it is written, in the same transaction
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
	PRIMARY KEY (webhook, seq, object_id)
) STRICT;
INSERT INTO webhook_event_each (webhook, seq, type, object_id, reference, prison, at, state, attempts, next_at,
	changed_at, problem)
SELECT webhook, seq, type, object_id, reference, prison, at, state, attempts, next_at, changed_at, problem
FROM webhook_event;
DROP TABLE webhook_event;
ALTER TABLE webhook_event_each RENAME TO webhook_event;
CREATE INDEX webhook_event_due ON webhook_event (state, next_at);
CREATE INDEX webhook_event_order ON webhook_event (webhook, reference, seq);
