CREATE TABLE access_review (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    signed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    signed_by UUID,
    signed_by_name VARCHAR(200) NOT NULL,
    people INTEGER NOT NULL,
    roles INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    CONSTRAINT pk_access_review PRIMARY KEY (school_id, id),
    CONSTRAINT fk_access_review_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);

CREATE INDEX ix_access_review_signed_at ON access_review (school_id, signed_at);

CREATE TABLE access_review_measure (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    review_id UUID NOT NULL,
    measure VARCHAR(40) NOT NULL,
    is_in_place BOOLEAN NOT NULL,
    note VARCHAR(500),
    CONSTRAINT pk_access_review_measure PRIMARY KEY (school_id, id),
    CONSTRAINT uq_access_review_measure UNIQUE (school_id, review_id, measure),
    CONSTRAINT ck_access_review_measure_lacking_with_a_note CHECK (is_in_place or note is not null),
    CONSTRAINT fk_access_review_measure_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_access_review_measure_measure CHECK (measure IN ('office', 'cabinet', 'wifi', 'screens', 'paper', 'updates')),
    CONSTRAINT fk_access_review_measure_review_id FOREIGN KEY(school_id, review_id) REFERENCES access_review (school_id, id) ON DELETE CASCADE
);

CREATE TABLE access_review_role (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    review_id UUID NOT NULL,
    account_id UUID NOT NULL,
    name VARCHAR(200) NOT NULL,
    role VARCHAR(40) NOT NULL,
    starts_on DATE NOT NULL,
    is_kept BOOLEAN NOT NULL,
    ends_on DATE,
    categories VARCHAR(40)[] NOT NULL,
    groups VARCHAR(200)[] NOT NULL,
    coached INTEGER NOT NULL,
    CONSTRAINT pk_access_review_role PRIMARY KEY (school_id, id),
    CONSTRAINT uq_access_review_role UNIQUE (school_id, review_id, account_id, role),
    CONSTRAINT ck_access_review_role_ended_on_a_day CHECK (is_kept or ends_on is not null),
    CONSTRAINT fk_access_review_role_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_access_review_role_role CHECK (role IN ('learner', 'representative', 'teacher', 'coach', 'administration', 'privacy_officer', 'privacy_staff', 'management', 'client_contact', 'auditor')),
    CONSTRAINT fk_access_review_role_review_id FOREIGN KEY(school_id, review_id) REFERENCES access_review (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_access_review_role_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_access_review_role_account_id ON access_review_role (school_id, account_id);
