-- 0095: copies of a person's data that staff made: for whom, by whom, and what the file was.

CREATE TABLE data_copy (
	id INTEGER NOT NULL PRIMARY KEY,
	account INTEGER REFERENCES account (id), -- about this visitor, or
	prisoner INTEGER REFERENCES prisoner (id),
	prison TEXT NOT NULL, -- of the prisoner then; '' of a visitor
	recipient TEXT NOT NULL CHECK (recipient IN ('THEMSELVES', 'REPRESENTATIVE', 'SOLICITOR', 'REGULATOR', 'COURT', 'SOMEBODY_ELSE')),
	recipient_name TEXT NOT NULL CHECK (length(recipient_name) <= 200),
	format TEXT NOT NULL CHECK (format IN ('HTML', 'JSON')),
	bytes INTEGER NOT NULL,
	hash BLOB NOT NULL, -- SHA-256 of the file
	made_by INTEGER NOT NULL REFERENCES account (id),
	made_as TEXT NOT NULL, -- the role
	made_at INTEGER NOT NULL,
	copy_seq INTEGER NOT NULL, -- of the leaf in the audit log
	CHECK ((account IS NULL) <> (prisoner IS NULL)),
	CHECK ((recipient = 'THEMSELVES') = (recipient_name = ''))
) STRICT;
CREATE INDEX data_copy_prison ON data_copy (prison, made_at);
CREATE INDEX data_copy_account ON data_copy (account);
CREATE INDEX data_copy_prisoner ON data_copy (prisoner);
