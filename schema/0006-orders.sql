-- 0006: which visiting order a visit in a session takes, where the prison's rules say that one is taken.
ALTER TABLE session_template ADD COLUMN order_need TEXT NOT NULL DEFAULT 'VO_PVO'
	CHECK (order_need IN ('VO_PVO', 'VO', 'PVO', 'NONE'));
