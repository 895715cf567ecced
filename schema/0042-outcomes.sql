-- 0042: what became of a visit whose time is past, as staff tell it afterwards.

-- The visit keeps the end that the service saw: this stands beside it.
CREATE TABLE visit_outcome (
	visit INTEGER NOT NULL PRIMARY KEY REFERENCES visit (id),
	outcome TEXT NOT NULL CHECK (outcome <> ''),
	words TEXT NOT NULL, -- for staff
	said_at INTEGER NOT NULL,
	said_by INTEGER NOT NULL REFERENCES account (id)
) STRICT;

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT COALESCE(MAX(seq), 0) + 1, '', 'outcome_days', 28, 0, NULL, 'Staff may say so for 28 days, as in the visit scheduler'
FROM prison_policy;
