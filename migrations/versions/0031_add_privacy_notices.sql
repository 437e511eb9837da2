CREATE TABLE privacy_notice (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID,
    representative_id UUID,
    contact_person_id UUID,
    account_id UUID,
    way VARCHAR(40) NOT NULL,
    form VARCHAR(80) DEFAULT '' NOT NULL,
    statement_version_id UUID NOT NULL,
    language VARCHAR(8) NOT NULL,
    source VARCHAR(20),
    channel VARCHAR(40),
    told_at TIMESTAMP WITH TIME ZONE NOT NULL,
    told_by UUID,
    told_by_name VARCHAR(200) NOT NULL,
    CONSTRAINT pk_privacy_notice PRIMARY KEY (school_id, id),
    CONSTRAINT ck_privacy_notice_of_a_person CHECK (num_nonnulls(learner_id, representative_id, contact_person_id, account_id) > 0),
    CONSTRAINT uq_privacy_notice_learner UNIQUE (school_id, learner_id, statement_version_id, form),
    CONSTRAINT uq_privacy_notice_representative UNIQUE (school_id, representative_id, statement_version_id, form),
    CONSTRAINT uq_privacy_notice_contact_person UNIQUE (school_id, contact_person_id, statement_version_id, form),
    CONSTRAINT uq_privacy_notice_account UNIQUE (school_id, account_id, statement_version_id, form),
    CONSTRAINT fk_privacy_notice_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_privacy_notice_noticeway CHECK (way IN ('email', 'letter', 'form')),
    CONSTRAINT fk_privacy_notice_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_privacy_notice_representative_id FOREIGN KEY(school_id, representative_id) REFERENCES representative (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_privacy_notice_contact_person_id FOREIGN KEY(school_id, contact_person_id) REFERENCES contact_person (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_privacy_notice_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_privacy_notice_statement_version_id FOREIGN KEY(school_id, statement_version_id) REFERENCES policy_version (school_id, id)
);

CREATE INDEX ix_privacy_notice_statement_version_id ON privacy_notice (school_id, statement_version_id);

ALTER TABLE contact_person ADD COLUMN created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL;
-- Who is known already came when her row was made, which its id says (UUID version 7, RFC 9562).
ALTER TABLE contact_person NO FORCE ROW LEVEL SECURITY;

UPDATE contact_person SET created_at = to_timestamp(
    ('x' || lpad(left(replace(id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint / 1000.0
);

ALTER TABLE contact_person FORCE ROW LEVEL SECURITY;
