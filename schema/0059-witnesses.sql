-- 0059: who keeps heads of the audit log elsewhere, and signs that it only grew.

CREATE TABLE audit_witness (
	id INTEGER NOT NULL PRIMARY KEY,
	name TEXT NOT NULL UNIQUE, -- of its key, as its cosignatures bear it
	vkey TEXT NOT NULL, -- a key of cosignatures (C2SP signed-note)
	terminal INTEGER NOT NULL, -- 0: somebody outside
	prison TEXT NOT NULL, -- the terminal's; '': outside
	added_at INTEGER NOT NULL,
	ended_at INTEGER NOT NULL -- 0: not ended; else its cosignatures are taken no more
) STRICT;
CREATE INDEX audit_witness_terminal ON audit_witness (terminal);

-- What a witness signed in a period: the newest head alone.
CREATE TABLE audit_cosignature (
	witness INTEGER NOT NULL REFERENCES audit_witness (id),
	period INTEGER NOT NULL,
	key TEXT NOT NULL, -- of the head: name+id of who signed it
	size INTEGER NOT NULL,
	at INTEGER NOT NULL, -- as the witness says
	line TEXT NOT NULL, -- as it stands in a note
	PRIMARY KEY (witness, period)
) STRICT;
CREATE INDEX audit_cosignature_head ON audit_cosignature (size, key);
