-- 0004: the language of a prisoner at the terminal; why a prison cannot hold visits, in Welsh too.

ALTER TABLE prisoner ADD COLUMN language TEXT NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'cy'));

-- Empty: only the English sentence is there.
ALTER TABLE prison ADD COLUMN not_ready_reason_cy TEXT NOT NULL DEFAULT '';
