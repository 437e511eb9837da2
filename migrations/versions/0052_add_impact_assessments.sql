CREATE TABLE impact_assessment (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    decided_on DATE NOT NULL,
    advised_by VARCHAR(40) NOT NULL,
    reference VARCHAR(300),
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID,
    recorded_by_name VARCHAR(200) NOT NULL,
    CONSTRAINT pk_impact_assessment PRIMARY KEY (school_id, id),
    CONSTRAINT fk_impact_assessment_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_impact_assessment_adviser CHECK (advised_by IN ('officer', 'outside', 'nobody'))
);

CREATE INDEX ix_impact_assessment_recorded_at ON impact_assessment (school_id, recorded_at);
