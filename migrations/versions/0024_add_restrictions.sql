CREATE TABLE restriction (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    categories VARCHAR(40)[] DEFAULT '{}' NOT NULL,
    ground VARCHAR(40) NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    started_by UUID,
    data_request_id UUID,
    told_at TIMESTAMP WITH TIME ZONE,
    lifted_at TIMESTAMP WITH TIME ZONE,
    lifted_by UUID,
    CONSTRAINT pk_restriction PRIMARY KEY (school_id, id),
    CONSTRAINT ck_restriction_told_before_lifted CHECK (lifted_at is null or told_at is not null),
    CONSTRAINT fk_restriction_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_restriction_restrictionground CHECK (ground IN ('accuracy', 'unlawful', 'claim', 'objection')),
    CONSTRAINT fk_restriction_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_restriction_in_force ON restriction (school_id, learner_id) WHERE lifted_at is null;

CREATE INDEX ix_restriction_learner_id ON restriction (school_id, learner_id);

CREATE TABLE restriction_use (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    restriction_id UUID NOT NULL,
    learner_id UUID NOT NULL,
    ground VARCHAR(40) NOT NULL,
    article VARCHAR(200),
    why TEXT NOT NULL,
    used_for VARCHAR(200) NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_by UUID,
    used_by_name VARCHAR(200) NOT NULL,
    CONSTRAINT pk_restriction_use PRIMARY KEY (school_id, id),
    CONSTRAINT ck_restriction_use_interest_with_article CHECK (ground <> 'public_interest' or article is not null),
    CONSTRAINT fk_restriction_use_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_restriction_use_useground CHECK (ground IN ('consent', 'claim', 'rights_of_another', 'public_interest')),
    CONSTRAINT fk_restriction_use_restriction_id FOREIGN KEY(school_id, restriction_id) REFERENCES restriction (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_restriction_use_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_restriction_use_learner_id ON restriction_use (school_id, learner_id);

CREATE INDEX ix_restriction_use_restriction_id ON restriction_use (school_id, restriction_id);
