ALTER TABLE data_request ADD COLUMN representative_id UUID;

ALTER TABLE data_request ADD CONSTRAINT fk_data_request_representative_id FOREIGN KEY(school_id, representative_id) REFERENCES representative (school_id, id) ON DELETE CASCADE;

CREATE INDEX ix_data_request_representative_id ON data_request (school_id, representative_id);

ALTER TABLE request_advice ADD COLUMN representative_id UUID;

ALTER TABLE request_advice ADD CONSTRAINT fk_request_advice_representative_id FOREIGN KEY(school_id, representative_id) REFERENCES representative (school_id, id) ON DELETE CASCADE;

CREATE INDEX ix_request_advice_representative_id ON request_advice (school_id, representative_id);

ALTER TABLE data_copy ALTER COLUMN learner_id DROP NOT NULL;

ALTER TABLE data_copy ADD COLUMN contact_person_id UUID;

ALTER TABLE data_copy ADD CONSTRAINT fk_data_copy_contact_person_id FOREIGN KEY(school_id, contact_person_id) REFERENCES contact_person (school_id, id) ON DELETE CASCADE;

CREATE INDEX ix_data_copy_contact_person_id ON data_copy (school_id, contact_person_id);

ALTER TABLE data_copy ADD COLUMN account_id UUID;

ALTER TABLE data_copy ADD CONSTRAINT fk_data_copy_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE;

CREATE INDEX ix_data_copy_account_id ON data_copy (school_id, account_id);

ALTER TABLE data_copy ADD COLUMN representative_id UUID;

ALTER TABLE data_copy ADD CONSTRAINT fk_data_copy_representative_id FOREIGN KEY(school_id, representative_id) REFERENCES representative (school_id, id) ON DELETE CASCADE;

CREATE INDEX ix_data_copy_representative_id ON data_copy (school_id, representative_id);

ALTER TABLE data_copy ADD CONSTRAINT ck_data_copy_of_a_person CHECK (num_nonnulls(learner_id, contact_person_id, account_id, representative_id) > 0);

ALTER TABLE copy_passage ALTER COLUMN learner_id DROP NOT NULL;

ALTER TABLE stored_file ADD COLUMN person_id UUID;

ALTER TABLE stored_file DROP CONSTRAINT ck_stored_file_key;

ALTER TABLE stored_file ADD CONSTRAINT ck_stored_file_key CHECK (num_nulls(coalesce(learner_id, person_id), category, key_generation) in (0, 3));
