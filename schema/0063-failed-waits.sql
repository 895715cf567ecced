-- 0063: whether the request of a legal visit that failed waits again at once (domain/waiting/again.h).

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'failed_waits' AS name, 1 AS value, 'Nobody asks a second time for what the prison or a fault prevented' AS reason
	UNION ALL SELECT 2, 'failed_held_percent', 50, 'Less than half of a visit is not what was asked for'
) AS first_values;
