CREATE TABLE waiting_entry (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    course_id UUID NOT NULL,
    group_id UUID,
    since_on DATE NOT NULL,
    wish VARCHAR(200),
    ended_on DATE,
    end_reason VARCHAR(40),
    added_by UUID,
    added_by_name VARCHAR(200) NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_waiting_entry PRIMARY KEY (school_id, id),
    CONSTRAINT ck_waiting_entry_ends_after_start CHECK (ended_on >= since_on),
    CONSTRAINT ck_waiting_entry_end_has_reason CHECK ((ended_on is null) = (end_reason is null)),
    CONSTRAINT fk_waiting_entry_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_waiting_entry_waitingend CHECK (end_reason IN ('placed', 'withdrawn', 'elsewhere', 'unreached', 'mistake', 'other')),
    CONSTRAINT fk_waiting_entry_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_waiting_entry_course_id FOREIGN KEY(school_id, course_id) REFERENCES course (school_id, id),
    CONSTRAINT fk_waiting_entry_group_id FOREIGN KEY(school_id, group_id) REFERENCES learner_group (school_id, id) ON DELETE SET NULL (group_id)
);

CREATE INDEX ix_waiting_entry_learner_id ON waiting_entry (school_id, learner_id);
CREATE INDEX ix_waiting_entry_course_id ON waiting_entry (school_id, course_id);
CREATE INDEX ix_waiting_entry_group_id ON waiting_entry (school_id, group_id);
CREATE UNIQUE INDEX uq_waiting_entry_current ON waiting_entry (school_id, learner_id, course_id) WHERE ended_on is null;
