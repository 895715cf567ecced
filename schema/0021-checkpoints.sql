-- 0021: the signed heads of the audit log.

-- What pvl-vault signed: a checkpoint (C2SP tlog-checkpoint) of the log's first size leaves.
CREATE TABLE audit_checkpoint (
	key TEXT NOT NULL, -- name+id of who signed
	size INTEGER NOT NULL CHECK (size > 0),
	at INTEGER NOT NULL, -- when it was kept
	note TEXT NOT NULL,
	PRIMARY KEY (key, size)
) STRICT;
