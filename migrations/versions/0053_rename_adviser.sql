ALTER TABLE impact_assessment RENAME COLUMN advised_by TO adviser;
