-- 0058: roots of the audit log's complete subtrees, so that a proof need not hash the whole log.

-- Of 2^level leaves from place * 2^level on.  Made from the leaves, and made again from them if they are gone.
CREATE TABLE audit_node (
	level INTEGER NOT NULL CHECK (level > 0),
	place INTEGER NOT NULL CHECK (place >= 0),
	hash BLOB NOT NULL,
	PRIMARY KEY (level, place)
) STRICT;
