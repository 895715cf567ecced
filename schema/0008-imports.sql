-- 0008: what comes from other systems: their code lists, and the contacts that a prison has on its list.

CREATE TABLE reference_code (
	code_group TEXT NOT NULL CHECK (code_group <> ''),
	code TEXT NOT NULL CHECK (code <> ''),
	description TEXT NOT NULL CHECK (description <> ''),
	PRIMARY KEY (code_group, code)
) STRICT;

-- Not accounts of this service: names that staff compare a request with.
CREATE TABLE listed_contact (
	id INTEGER NOT NULL PRIMARY KEY,
	prisoner INTEGER NOT NULL REFERENCES prisoner (id),
	name TEXT NOT NULL CHECK (name <> ''),
	born INTEGER NOT NULL,
	relationship TEXT NOT NULL,
	approved INTEGER NOT NULL CHECK (approved IN (0, 1)),
	changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX listed_contact_of ON listed_contact (prisoner, born);
