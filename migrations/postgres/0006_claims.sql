-- The limits of the parties' own ways that run on beside a case's: shown where one ends soon. A directory of before has none
-- until something happens in a case, or its rows are made anew (`yanhe rebuild`).
ALTER TABLE work ADD COLUMN claims text COLLATE "C";
