-- 0046: when a person is told that staff looked at a recording of theirs.

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT MAX(seq) + 1, '', 'looks_told_days', 28, 0, NULL, 'Whoever is looked into is not warned while it is under way'
FROM prison_policy;
