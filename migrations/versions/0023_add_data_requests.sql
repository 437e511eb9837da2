CREATE TABLE data_request (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    number VARCHAR(20) NOT NULL,
    asker_name VARCHAR(200),
    asker_contact VARCHAR(254),
    kind VARCHAR(40) NOT NULL,
    channel VARCHAR(40) NOT NULL,
    received_on DATE NOT NULL,
    filed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    filed_by UUID,
    filed_by_name VARCHAR(200) NOT NULL,
    is_by_representative BOOLEAN NOT NULL,
    language VARCHAR(5) NOT NULL,
    body BYTEA,
    categories VARCHAR(40)[] DEFAULT '{}' NOT NULL,
    purposes VARCHAR(60)[] DEFAULT '{}' NOT NULL,
    restriction_ground VARCHAR(40),
    is_restricted_meanwhile BOOLEAN NOT NULL,
    includes_findings BOOLEAN NOT NULL,
    organisation VARCHAR(200),
    due_on DATE NOT NULL,
    identity_asked_on DATE,
    code_digest BYTEA,
    code_sent_at TIMESTAMP WITH TIME ZONE,
    identity_check VARCHAR(40),
    identity_checked_at TIMESTAMP WITH TIME ZONE,
    identity_checked_by UUID,
    identity_checked_by_name VARCHAR(200),
    handled_by UUID,
    handled_by_name VARCHAR(200),
    extended_because VARCHAR(40),
    extended_at TIMESTAMP WITH TIME ZONE,
    extension_reason BYTEA,
    joined_to_id UUID,
    proposed_by UUID,
    proposed_by_name VARCHAR(200),
    outcome VARCHAR(40),
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by UUID,
    decided_by_name VARCHAR(200),
    reply BYTEA,
    proof BYTEA,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    reminded_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    learner_id UUID,
    contact_person_id UUID,
    account_id UUID,
    CONSTRAINT pk_data_request PRIMARY KEY (school_id, id),
    CONSTRAINT uq_data_request_number UNIQUE (school_id, number),
    CONSTRAINT ck_data_request_check_has_moment CHECK ((identity_check is null) = (identity_checked_at is null)),
    CONSTRAINT ck_data_request_extension_has_reason CHECK ((extended_because is null) = (extended_at is null)),
    CONSTRAINT ck_data_request_outcome_has_moment CHECK ((outcome is null) = (decided_at is null)),
    CONSTRAINT ck_data_request_identity_before_outcome CHECK (outcome is null or outcome = 'refused' or identity_check is not null or kind in ('objection', 'consent_withdrawal')),
    CONSTRAINT fk_data_request_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_data_request_requestkind CHECK (kind IN ('access', 'rectification', 'erasure', 'restriction', 'portability', 'objection', 'consent_withdrawal')),
    CONSTRAINT ck_data_request_requestchannel CHECK (channel IN ('portal', 'email', 'phone', 'letter', 'counter')),
    CONSTRAINT ck_data_request_identitycheck CHECK (identity_check IN ('sign_in', 'counter', 'known_mail', 'document')),
    CONSTRAINT ck_data_request_extensionreason CHECK (extended_because IN ('complexity', 'number')),
    CONSTRAINT ck_data_request_outcome CHECK (outcome IN ('granted', 'in_part', 'refused')),
    CONSTRAINT fk_data_request_joined_to_id FOREIGN KEY(school_id, joined_to_id) REFERENCES data_request (school_id, id) ON DELETE SET NULL (joined_to_id),
    CONSTRAINT fk_data_request_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_data_request_contact_person_id FOREIGN KEY(school_id, contact_person_id) REFERENCES contact_person (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_data_request_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_data_request_account_id ON data_request (school_id, account_id);

CREATE INDEX ix_data_request_contact_person_id ON data_request (school_id, contact_person_id);

CREATE INDEX ix_data_request_due_on ON data_request (school_id, due_on) WHERE closed_at is null;

CREATE INDEX ix_data_request_joined_to_id ON data_request (school_id, joined_to_id);

CREATE INDEX ix_data_request_learner_id ON data_request (school_id, learner_id);

CREATE TABLE request_answer (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    request_id UUID NOT NULL,
    subject VARCHAR(60) NOT NULL,
    outcome VARCHAR(40) NOT NULL,
    ground VARCHAR(40),
    CONSTRAINT pk_request_answer PRIMARY KEY (school_id, id),
    CONSTRAINT uq_request_answer_subject UNIQUE (school_id, request_id, subject),
    CONSTRAINT ck_request_answer_refusal_has_ground CHECK (outcome = 'granted' or ground is not null),
    CONSTRAINT fk_request_answer_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_request_answer_outcome CHECK (outcome IN ('granted', 'in_part', 'refused')),
    CONSTRAINT fk_request_answer_request_id FOREIGN KEY(school_id, request_id) REFERENCES data_request (school_id, id) ON DELETE CASCADE
);

CREATE TABLE request_advice (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    request_id UUID NOT NULL,
    body BYTEA NOT NULL,
    written_at TIMESTAMP WITH TIME ZONE NOT NULL,
    written_by UUID,
    written_by_name VARCHAR(200) NOT NULL,
    learner_id UUID,
    contact_person_id UUID,
    account_id UUID,
    CONSTRAINT pk_request_advice PRIMARY KEY (school_id, id),
    CONSTRAINT fk_request_advice_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_request_advice_request_id FOREIGN KEY(school_id, request_id) REFERENCES data_request (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_request_advice_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_request_advice_contact_person_id FOREIGN KEY(school_id, contact_person_id) REFERENCES contact_person (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_request_advice_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_request_advice_account_id ON request_advice (school_id, account_id);

CREATE INDEX ix_request_advice_contact_person_id ON request_advice (school_id, contact_person_id);

CREATE INDEX ix_request_advice_learner_id ON request_advice (school_id, learner_id);

CREATE INDEX ix_request_advice_request_id ON request_advice (school_id, request_id);

CREATE TABLE objection (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    purpose VARCHAR(60) NOT NULL,
    data_request_id UUID,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    made_by UUID,
    settled_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_objection PRIMARY KEY (school_id, id),
    CONSTRAINT fk_objection_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_objection_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_objection_learner_id ON objection (school_id, learner_id);

CREATE INDEX ix_objection_purpose ON objection (school_id, purpose, learner_id) WHERE ended_at is null;

CREATE UNIQUE INDEX uq_objection_in_force ON objection (school_id, learner_id, purpose) WHERE ended_at is null;

ALTER TABLE complaint ADD COLUMN number VARCHAR(20);

ALTER TABLE complaint ADD COLUMN about_id UUID;

ALTER TABLE complaint ADD COLUMN due_on DATE;

ALTER TABLE complaint ADD CONSTRAINT uq_complaint_number UNIQUE (school_id, number);
