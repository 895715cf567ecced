-- 0038: events for other systems: where they are sent, and how far each has come; feeds of rooms for calendars.

-- The secret signs what is sent, so it stands here as it is; it is shown once.
CREATE TABLE webhook (
	id INTEGER NOT NULL PRIMARY KEY,
	prison TEXT NOT NULL, -- '': all prisons
	url TEXT NOT NULL CHECK (url <> ''),
	secret BLOB NOT NULL,
	made_by INTEGER REFERENCES account (id),
	made_at INTEGER NOT NULL,
	ended_at INTEGER NOT NULL, -- 0: in use
	end_reason TEXT NOT NULL,
	CHECK ((ended_at <> 0) = (end_reason <> ''))
) STRICT;
CREATE INDEX webhook_prison ON webhook (prison, ended_at);

-- seq is that of the leaf of the change: written with it, and in its order.
CREATE TABLE webhook_event (
	webhook INTEGER NOT NULL REFERENCES webhook (id),
	seq INTEGER NOT NULL,
	type TEXT NOT NULL CHECK (type <> ''),
	object_id INTEGER NOT NULL, -- the visit or prisoner
	reference TEXT NOT NULL,    -- of the visit; '': no visit
	prison TEXT NOT NULL,
	at INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('WAITING', 'SENDING', 'DELIVERED', 'FAILED')),
	attempts INTEGER NOT NULL CHECK (attempts >= 0),
	next_at INTEGER NOT NULL,
	changed_at INTEGER NOT NULL,
	problem TEXT NOT NULL,
	PRIMARY KEY (webhook, seq)
) STRICT;
CREATE INDEX webhook_event_due ON webhook_event (state, next_at);
CREATE INDEX webhook_event_order ON webhook_event (webhook, reference, seq);

-- Where a calendar reads when a room is taken: the SHA-256 of its address, which is shown once.
CREATE TABLE room_feed (
	room INTEGER NOT NULL PRIMARY KEY REFERENCES room (id),
	digest BLOB NOT NULL UNIQUE,
	made_by INTEGER REFERENCES account (id),
	made_at INTEGER NOT NULL
) STRICT;
