CREATE TABLE data_copy (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    request_id UUID,
    learner_id UUID NOT NULL,
    kind VARCHAR(40) NOT NULL,
    language VARCHAR(8) NOT NULL,
    includes_findings BOOLEAN NOT NULL,
    organisation VARCHAR(200),
    categories_left_out VARCHAR(40)[] NOT NULL,
    state VARCHAR(40) NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    asked_by UUID,
    asked_by_name VARCHAR(200) NOT NULL,
    job_id UUID,
    file_id UUID,
    file_digest BYTEA,
    fields VARCHAR(80)[] NOT NULL,
    blacked_out INTEGER NOT NULL,
    ready_at TIMESTAMP WITH TIME ZONE,
    handed_at TIMESTAMP WITH TIME ZONE,
    handover VARCHAR(40),
    identity_seen VARCHAR(200),
    handed_by UUID,
    handed_by_name VARCHAR(200),
    gone_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_data_copy PRIMARY KEY (school_id, id),
    CONSTRAINT fk_data_copy_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_data_copy_copykind CHECK (kind IN ('access', 'portability')),
    CONSTRAINT ck_data_copy_copystate CHECK (state IN ('waiting', 'flagged', 'ready', 'handed_over', 'gone')),
    CONSTRAINT ck_data_copy_handover CHECK (handover IN ('sign_in', 'counter', 'organisation')),
    CONSTRAINT fk_data_copy_request_id FOREIGN KEY(school_id, request_id) REFERENCES data_request (school_id, id) ON DELETE SET NULL (request_id),
    CONSTRAINT fk_data_copy_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_data_copy_learner_id ON data_copy (school_id, learner_id);
CREATE INDEX ix_data_copy_request_id ON data_copy (school_id, request_id);

CREATE TABLE copy_passage (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    copy_id UUID NOT NULL,
    learner_id UUID NOT NULL,
    kind VARCHAR(40) NOT NULL,
    field VARCHAR(80) NOT NULL,
    row_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    is_black BOOLEAN,
    reason VARCHAR(300),
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by UUID,
    decided_by_name VARCHAR(200),
    CONSTRAINT pk_copy_passage PRIMARY KEY (school_id, id),
    CONSTRAINT uq_copy_passage_place UNIQUE (school_id, copy_id, field, row_id, digest),
    CONSTRAINT ck_copy_passage_decided CHECK ((is_black is null) = (decided_at is null)),
    CONSTRAINT fk_copy_passage_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_copy_passage_passagekind CHECK (kind IN ('name', 'hidden')),
    CONSTRAINT fk_copy_passage_copy_id FOREIGN KEY(school_id, copy_id) REFERENCES data_copy (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_copy_passage_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_copy_passage_learner_id ON copy_passage (school_id, learner_id);

