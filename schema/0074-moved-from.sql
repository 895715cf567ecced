-- 0074: a visit that has another time knows which one it was, so that its story stays whole.

ALTER TABLE visit ADD COLUMN moved_from INTEGER; -- NULL: it was never moved
