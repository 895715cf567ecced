-- 0010: what the pvl-web processes on one database must have in common.

CREATE TABLE shared_secret (
	name TEXT NOT NULL PRIMARY KEY,
	value BLOB NOT NULL
) STRICT;
