-- Whom incidents touched until now are learners: their rows stay as they are.
ALTER TABLE incident_person
    ALTER COLUMN learner_id DROP NOT NULL,
    ADD COLUMN representative_id UUID,
    ADD COLUMN contact_person_id UUID,
    ADD COLUMN account_id UUID;

ALTER TABLE incident_person RENAME CONSTRAINT uq_incident_person TO uq_incident_person_learner;

ALTER TABLE incident_person
    ADD CONSTRAINT uq_incident_person_representative UNIQUE (school_id, incident_id, representative_id),
    ADD CONSTRAINT uq_incident_person_contact_person UNIQUE (school_id, incident_id, contact_person_id),
    ADD CONSTRAINT uq_incident_person_account UNIQUE (school_id, incident_id, account_id),
    ADD CONSTRAINT ck_incident_person_of_one_person
        CHECK (num_nonnulls(learner_id, representative_id, contact_person_id, account_id) = 1),
    ADD CONSTRAINT fk_incident_person_representative_id FOREIGN KEY (school_id, representative_id)
        REFERENCES representative (school_id, id) ON DELETE CASCADE,
    ADD CONSTRAINT fk_incident_person_contact_person_id FOREIGN KEY (school_id, contact_person_id)
        REFERENCES contact_person (school_id, id) ON DELETE CASCADE,
    ADD CONSTRAINT fk_incident_person_account_id FOREIGN KEY (school_id, account_id)
        REFERENCES account (school_id, id) ON DELETE CASCADE;

CREATE INDEX ix_incident_person_representative_id ON incident_person (school_id, representative_id);

CREATE INDEX ix_incident_person_contact_person_id ON incident_person (school_id, contact_person_id);

CREATE INDEX ix_incident_person_account_id ON incident_person (school_id, account_id);
