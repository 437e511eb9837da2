CREATE TABLE evaluation_question (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    kind VARCHAR(40) NOT NULL,
    answer_kind VARCHAR(40) NOT NULL,
    text VARCHAR(200) NOT NULL,
    is_retired BOOLEAN NOT NULL,
    CONSTRAINT pk_evaluation_question PRIMARY KEY (school_id, id),
    CONSTRAINT fk_evaluation_question_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_evaluation_question_evaluationkind CHECK (kind IN ('progress', 'final')),
    CONSTRAINT ck_evaluation_question_answerkind CHECK (answer_kind IN ('scale', 'text'))
);

CREATE TABLE joint_evaluation (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    enrolment_id UUID,
    kind VARCHAR(40) NOT NULL,
    questions JSONB NOT NULL,
    teacher_answers BYTEA,
    learner_answers BYTEA,
    teacher_remark BYTEA,
    learner_remark BYTEA,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    started_by UUID,
    started_by_name VARCHAR(200) NOT NULL,
    teacher_agreed_at TIMESTAMP WITH TIME ZONE,
    agreed_by UUID,
    agreed_by_name VARCHAR(200),
    learner_agreed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_joint_evaluation PRIMARY KEY (school_id, id),
    CONSTRAINT fk_joint_evaluation_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_joint_evaluation_evaluationkind CHECK (kind IN ('progress', 'final')),
    CONSTRAINT fk_joint_evaluation_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_joint_evaluation_enrolment_id FOREIGN KEY(school_id, enrolment_id) REFERENCES enrolment (school_id, id) ON DELETE SET NULL (enrolment_id)
);

CREATE INDEX ix_joint_evaluation_enrolment_id ON joint_evaluation (school_id, enrolment_id);

CREATE INDEX ix_joint_evaluation_learner_id ON joint_evaluation (school_id, learner_id);

CREATE UNIQUE INDEX uq_joint_evaluation_open ON joint_evaluation (school_id, learner_id, kind) WHERE teacher_agreed_at is null or learner_agreed_at is null;
