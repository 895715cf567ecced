-- 0036: prisoners on their way to visits: who on the wing knows of it, and why somebody was not produced.

-- A visit that is moved is another row, so its wing has to acknowledge the new time.
CREATE TABLE escort (
	visit INTEGER NOT NULL PRIMARY KEY REFERENCES visit (id),
	acknowledged_at INTEGER NOT NULL,
	acknowledged_by INTEGER NOT NULL REFERENCES account (id)
) STRICT;
CREATE TABLE not_produced (
	visit INTEGER NOT NULL PRIMARY KEY REFERENCES visit (id),
	cause TEXT NOT NULL CHECK (cause IN ('REFUSED', 'COURT', 'MOVED', 'HEALTH', 'NO_ESCORT', 'LOCKDOWN', 'NOT_TOLD',
		'OTHER')),
	words TEXT NOT NULL, -- for staff
	noted_at INTEGER NOT NULL,
	noted_by INTEGER NOT NULL REFERENCES account (id)
) STRICT;

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'escort_minutes' AS name, 30 AS value, 'Time to bring somebody from the wing to the room' AS reason
	UNION ALL SELECT 2, 'acknowledge_hours', 24, 'The wing plans its day on the day before'
	UNION ALL SELECT 3, 'acknowledge_last_minutes', 60, 'After that nobody can be sure that the wing knows'
) AS first_values;
