-- 0060: a machine may also say that nobody is in a picture, or more faces than expected.

CREATE TABLE hint_of_more (
	id INTEGER NOT NULL PRIMARY KEY,
	visit INTEGER NOT NULL,
	kind TEXT NOT NULL CHECK (kind = 'SOCIAL'), -- no row can exist for a visit that is not
	seat INTEGER NOT NULL CHECK (seat BETWEEN 0 AND 7), -- 0 the prisoner's
	what TEXT NOT NULL CHECK (what IN ('COVERED', 'STILL', 'NOBODY', 'FACES')),
	made_at INTEGER NOT NULL,
	answer TEXT NOT NULL CHECK (answer IN ('', 'RIGHT', 'WRONG')),
	answered_at INTEGER NOT NULL,
	answered_by INTEGER REFERENCES account (id),
	FOREIGN KEY (visit, kind) REFERENCES visit (id, kind),
	CHECK ((answer = '') = (answered_by IS NULL))
) STRICT;
INSERT INTO hint_of_more (id, visit, kind, seat, what, made_at, answer, answered_at, answered_by)
SELECT id, visit, kind, seat, what, made_at, answer, answered_at, answered_by FROM hint;
DROP TABLE hint;
ALTER TABLE hint_of_more RENAME TO hint;
CREATE INDEX hint_visit ON hint (visit, seat, made_at);
CREATE INDEX hint_made ON hint (made_at);
