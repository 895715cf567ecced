-- 0052: what a machine found odd in a picture of a social visit, and whether officers say that it was right.

-- No row can exist for a visit that is not social.
CREATE TABLE hint (
	id INTEGER NOT NULL PRIMARY KEY,
	visit INTEGER NOT NULL,
	kind TEXT NOT NULL CHECK (kind = 'SOCIAL'),
	seat INTEGER NOT NULL CHECK (seat BETWEEN 0 AND 7), -- 0 the prisoner's
	what TEXT NOT NULL CHECK (what IN ('COVERED', 'STILL')),
	made_at INTEGER NOT NULL,
	answer TEXT NOT NULL CHECK (answer IN ('', 'RIGHT', 'WRONG')),
	answered_at INTEGER NOT NULL,
	answered_by INTEGER REFERENCES account (id),
	FOREIGN KEY (visit, kind) REFERENCES visit (id, kind),
	CHECK ((answer = '') = (answered_by IS NULL))
) STRICT;
CREATE INDEX hint_visit ON hint (visit, seat, made_at);
CREATE INDEX hint_made ON hint (made_at);

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT MAX(seq) + 1, '', 'hints_on', 0, 0, NULL, 'No machine looks at visits until a prison has decided so and watches how often it is wrong'
FROM prison_policy;
