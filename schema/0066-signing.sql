-- 0066: what a visit in a signed language is planned to take of the prison's line (domain/line.h).

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + 1, '', 'link_plan_sign_kbit', 195, 0, NULL,
	'A picture of 288 lines, 20 a second, each way: the least in which signing is read well';
