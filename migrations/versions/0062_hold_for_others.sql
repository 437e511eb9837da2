-- Whose data holds keep until now are learners: their rows stay as they are.
ALTER TABLE retention_hold
    ALTER COLUMN learner_id DROP NOT NULL,
    ADD COLUMN contact_person_id UUID,
    ADD COLUMN account_id UUID;

ALTER TABLE retention_hold
    ADD CONSTRAINT ck_retention_hold_of_one_person CHECK (num_nonnulls(learner_id, contact_person_id, account_id) = 1),
    ADD CONSTRAINT fk_retention_hold_contact_person_id FOREIGN KEY (school_id, contact_person_id)
        REFERENCES contact_person (school_id, id) ON DELETE CASCADE,
    ADD CONSTRAINT fk_retention_hold_account_id FOREIGN KEY (school_id, account_id)
        REFERENCES account (school_id, id) ON DELETE CASCADE;

CREATE INDEX ix_retention_hold_contact_person_id ON retention_hold (school_id, contact_person_id);

CREATE INDEX ix_retention_hold_account_id ON retention_hold (school_id, account_id);
