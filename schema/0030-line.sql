-- 0030: what the prison's line carries (domain/line.h); 0: nobody has said, and nothing is shared out.

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'link_up_kbit' AS name, 0 AS value, 'Not measured yet' AS reason
	UNION ALL SELECT 2, 'link_down_kbit', 0, 'Not measured yet'
	UNION ALL SELECT 3, 'link_other_kbit', 0, 'No other use is known'
	UNION ALL SELECT 4, 'link_reserve_percent', 20, 'Lines waver; full ones delay everybody'
	UNION ALL SELECT 5, 'link_plan_kbit', 130, 'A clear picture of a face, 15 a second, each way'
) AS first_values;
