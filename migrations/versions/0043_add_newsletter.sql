ALTER TABLE mail ADD COLUMN contact_person_id UUID;

CREATE TABLE subscription (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    contact_person_id UUID NOT NULL,
    purpose VARCHAR(60) NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    bought_on DATE,
    statement_version_id UUID,
    language VARCHAR(8),
    text_shown TEXT,
    CONSTRAINT pk_subscription PRIMARY KEY (school_id, id),
    CONSTRAINT fk_subscription_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_subscription_contact_person_id FOREIGN KEY(school_id, contact_person_id) REFERENCES contact_person (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_subscription_contact_person_id ON subscription (school_id, contact_person_id);

CREATE INDEX ix_subscription_purpose ON subscription (school_id, purpose) WHERE ended_at is null;

CREATE UNIQUE INDEX uq_subscription_open ON subscription (school_id, contact_person_id, purpose) WHERE ended_at is null;

CREATE TABLE news_refusal (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    digest BYTEA NOT NULL,
    refused_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_news_refusal PRIMARY KEY (school_id, id),
    CONSTRAINT uq_news_refusal_digest UNIQUE (school_id, digest),
    CONSTRAINT fk_news_refusal_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);

CREATE TABLE mailing (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    purpose VARCHAR(60) NOT NULL,
    subject VARCHAR(150) NOT NULL,
    body TEXT NOT NULL,
    written_at TIMESTAMP WITH TIME ZONE NOT NULL,
    written_by UUID,
    written_by_name VARCHAR(200),
    started_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    job_id UUID,
    CONSTRAINT pk_mailing PRIMARY KEY (school_id, id),
    CONSTRAINT fk_mailing_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);

CREATE TABLE mailing_copy (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    mailing_id UUID NOT NULL,
    reader BYTEA NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_mailing_copy PRIMARY KEY (school_id, id),
    CONSTRAINT uq_mailing_copy_reader UNIQUE (school_id, mailing_id, reader),
    CONSTRAINT fk_mailing_copy_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_mailing_copy_mailing_id FOREIGN KEY(school_id, mailing_id) REFERENCES mailing (school_id, id) ON DELETE CASCADE
);
