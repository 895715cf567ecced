-- 0070: when somebody came into prison, by which a lawyer's first visit is urgent (wait_custody_hours).

ALTER TABLE custody ADD COLUMN admitted_at INTEGER NOT NULL DEFAULT 0 CHECK (admitted_at >= 0); -- 0: not known
