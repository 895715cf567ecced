-- 0009: keys of machines; how visits were called off; what happened to one thing is found in the log.

-- digest is the SHA-256 of the key; the key itself is stored nowhere.  The account is the machine's own:
-- nobody can sign in with it.
CREATE TABLE api_key (
	id INTEGER NOT NULL PRIMARY KEY,
	digest BLOB NOT NULL UNIQUE,
	account INTEGER NOT NULL REFERENCES account (id),
	name TEXT NOT NULL CHECK (name <> ''),
	role TEXT NOT NULL,
	prison TEXT NOT NULL, -- '' for national roles
	made_at INTEGER NOT NULL,
	expires INTEGER NOT NULL, -- 0: never
	revoked_at INTEGER NOT NULL, -- 0: good
	revoked_reason TEXT NOT NULL,
	CHECK ((revoked_at <> 0) = (revoked_reason <> ''))
) STRICT;

CREATE TABLE visit_cancellation (
	visit INTEGER NOT NULL PRIMARY KEY REFERENCES visit (id),
	outcome TEXT NOT NULL CHECK (outcome <> ''),
	method TEXT NOT NULL CHECK (method <> '')
) STRICT;

CREATE INDEX audit_leaf_object ON audit_leaf (object, object_id);
