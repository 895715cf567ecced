-- 0049: since when a prison holds visits, or does not.
ALTER TABLE prison ADD COLUMN ready_changed_at INTEGER NOT NULL DEFAULT 0; -- 0: not known
