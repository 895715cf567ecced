-- 0039: the telephone to which a visit is taken when its line carries nothing (domain/telephone.h).

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'telephone_number' AS name, 0 AS value, 'No telephone has been set up yet' AS reason
	UNION ALL SELECT 2, 'telephone_code', 0, 'No code is needed'
) AS first_values;
