CREATE TABLE masked_document (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    data_request_id UUID NOT NULL,
    kind VARCHAR(40) NOT NULL,
    file_id UUID,
    attested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    attested_by UUID,
    seen_at TIMESTAMP WITH TIME ZONE,
    seen_by UUID,
    seen_by_name VARCHAR(200),
    destroyed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_masked_document PRIMARY KEY (school_id, id),
    CONSTRAINT fk_masked_document_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_masked_document_documentkind CHECK (kind IN ('passport', 'id_card', 'residence_permit', 'driving_licence')),
    CONSTRAINT fk_masked_document_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_masked_document_learner_id ON masked_document (school_id, learner_id);
