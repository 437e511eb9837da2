CREATE TABLE absence_notice (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    lesson_id UUID NOT NULL,
    learner_id UUID NOT NULL,
    held_on DATE NOT NULL,
    starts_at TIME WITHOUT TIME ZONE NOT NULL,
    reason VARCHAR(40),
    note VARCHAR(200),
    reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_absence_notice PRIMARY KEY (school_id, id),
    CONSTRAINT uq_absence_notice_lesson_learner UNIQUE (school_id, lesson_id, learner_id),
    CONSTRAINT fk_absence_notice_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_absence_notice_absencereason CHECK (reason IN ('work', 'care', 'appointment', 'other')),
    CONSTRAINT fk_absence_notice_lesson_id FOREIGN KEY(school_id, lesson_id) REFERENCES lesson (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_absence_notice_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_absence_notice_learner_id ON absence_notice (school_id, learner_id);
