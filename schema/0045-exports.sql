-- 0045: copies of recordings that were handed out: to whom, by a third person, and what each file was.

CREATE TABLE recording_export (
	id INTEGER NOT NULL PRIMARY KEY,
	access INTEGER NOT NULL REFERENCES recording_access (id), -- who asked to see it, and who agreed
	recipient TEXT NOT NULL CHECK (recipient <> ''),
	reason TEXT NOT NULL CHECK (length(reason) >= 10),
	exported_by INTEGER NOT NULL REFERENCES account (id),
	exported_as TEXT NOT NULL, -- the role
	exported_at INTEGER NOT NULL,
	export_seq INTEGER NOT NULL, -- of the leaf in the audit log
	session TEXT NOT NULL -- SHA-256 of the session in which it is done
) STRICT;
CREATE INDEX recording_export_access ON recording_export (access, exported_at);

-- What left, each time that it did.
CREATE TABLE recording_export_file (
	id INTEGER NOT NULL PRIMARY KEY,
	export INTEGER NOT NULL REFERENCES recording_export (id),
	seat INTEGER NOT NULL CHECK (seat BETWEEN 0 AND 7),
	bytes INTEGER NOT NULL,
	missing INTEGER NOT NULL, -- pieces that could not be read, and are not in it
	hash BLOB NOT NULL, -- SHA-256 of the file
	sent_at INTEGER NOT NULL
) STRICT;
CREATE INDEX recording_export_file_of ON recording_export_file (export, sent_at);
