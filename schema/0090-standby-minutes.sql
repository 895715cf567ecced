-- 0090: what is left to whoever stands by may be shorter than a visit that is booked.

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT COALESCE(MAX(seq), 0) + 1, '', 'standby_minutes_min', 15, 0, NULL,
	'After ten minutes, twenty are left of the shortest visit of a family'
FROM prison_policy;
