-- 0007: why a terminal was taken out of use; '' while it is in use.

ALTER TABLE terminal ADD COLUMN retired_reason TEXT NOT NULL DEFAULT '';
