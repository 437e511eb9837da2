ALTER TABLE complaint ALTER COLUMN learner_id DROP NOT NULL;

ALTER TABLE complaint ADD COLUMN contact_person_id UUID;

ALTER TABLE complaint ADD COLUMN account_id UUID;

ALTER TABLE complaint ADD COLUMN asker_name VARCHAR(200);

ALTER TABLE complaint ADD COLUMN asker_contact VARCHAR(254);

ALTER TABLE complaint ADD COLUMN asker_number VARCHAR(40);

ALTER TABLE complaint ADD COLUMN asker_birth_date DATE;

ALTER TABLE complaint ADD COLUMN asked_for VARCHAR(200);

ALTER TABLE complaint ADD COLUMN about_name VARCHAR(200);

ALTER TABLE complaint ADD COLUMN filed_by UUID;

ALTER TABLE complaint ADD COLUMN filed_by_name VARCHAR(200);

ALTER TABLE complaint ADD COLUMN language VARCHAR(5) DEFAULT 'nl' NOT NULL;

ALTER TABLE complaint ADD COLUMN handled_by UUID;

ALTER TABLE complaint ADD COLUMN handled_by_name VARCHAR(200);

ALTER TABLE complaint ADD CONSTRAINT fk_complaint_contact_person_id FOREIGN KEY(school_id, contact_person_id) REFERENCES contact_person (school_id, id) ON DELETE CASCADE;

ALTER TABLE complaint ADD CONSTRAINT fk_complaint_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE;

CREATE INDEX ix_complaint_account_id ON complaint (school_id, account_id);

CREATE INDEX ix_complaint_contact_person_id ON complaint (school_id, contact_person_id);
