ALTER TABLE council_decision ADD COLUMN subject VARCHAR(40) DEFAULT 'monitoring' NOT NULL;

ALTER TABLE council_decision ADD CONSTRAINT ck_council_decision_councilsubject CHECK (subject IN ('monitoring', 'names'));
