ALTER TABLE import_run ADD COLUMN subject VARCHAR(40) NOT NULL DEFAULT 'learners', ADD CONSTRAINT ck_import_run_subject CHECK (subject IN ('learners', 'results'));
ALTER TABLE import_run ALTER COLUMN subject DROP DEFAULT;
