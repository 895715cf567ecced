-- 0040: a lawyer's own booking needs no more notice than an offer that somebody accepts (offer_last_minutes).

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + 1, '', 'legal_notice_minutes', 60, 0, NULL,
	'The prisoner is brought within the hour, as for an offer: two hours left urgent visits for the next day';
