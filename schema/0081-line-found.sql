-- 0081: what the prisons' lines showed to carry while visits ran, by the day (domain/line_found.h).

CREATE TABLE line_day (
	prison TEXT NOT NULL REFERENCES prison (code),
	day INTEGER NOT NULL, -- days since 1970-01-01, local
	up_s INTEGER NOT NULL CHECK (up_s >= 0), -- seconds of visits in which something came from the prison
	up_most_kbit INTEGER NOT NULL, -- of a second in which the line was not full
	up_full_s INTEGER NOT NULL CHECK (up_full_s BETWEEN 0 AND up_s),
	up_full_kbit INTEGER NOT NULL, -- what came in these, added up
	down_s INTEGER NOT NULL CHECK (down_s >= 0), -- the same to the prison
	down_most_kbit INTEGER NOT NULL,
	down_full_s INTEGER NOT NULL CHECK (down_full_s BETWEEN 0 AND down_s),
	down_full_kbit INTEGER NOT NULL,
	PRIMARY KEY (prison, day)
) STRICT;

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'link_find' AS name, 1 AS value, 'A line that carries less than it should is not booked as if it did' AS reason
	UNION ALL SELECT 2, 'link_found_up_kbit', 0, 'Nothing less was found'
	UNION ALL SELECT 3, 'link_found_down_kbit', 0, 'Nothing less was found'
) AS first_values;
