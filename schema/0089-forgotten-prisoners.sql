-- 0089: who a prisoner was is forgotten some years after the release.

ALTER TABLE prisoner ADD COLUMN forgotten_at INTEGER NOT NULL DEFAULT 0; -- 0: known

-- Their rows are found without reading everybody's.
CREATE INDEX custody_merged ON custody (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX non_association_a ON non_association (a);
CREATE INDEX visit_ask_of ON visit_ask (prisoner);
CREATE INDEX watch_assignment_of ON watch_assignment (visit);

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT COALESCE(MAX(seq), 0) + 1, '', 'prisoner_keep_days', 2190, 0, NULL,
	'Six years, in which somebody may bring a claim about a visit'
FROM prison_policy;
