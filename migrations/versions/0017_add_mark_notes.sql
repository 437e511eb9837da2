CREATE TABLE mark_note (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    lesson_id UUID NOT NULL,
    learner_id UUID NOT NULL,
    body BYTEA NOT NULL,
    is_visible BOOLEAN NOT NULL,
    hidden_because VARCHAR(200),
    written_by UUID,
    written_by_name VARCHAR(200) NOT NULL,
    written_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_mark_note PRIMARY KEY (school_id, id),
    CONSTRAINT uq_mark_note_lesson_learner UNIQUE (school_id, lesson_id, learner_id),
    CONSTRAINT fk_mark_note_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_mark_note_lesson_id FOREIGN KEY(school_id, lesson_id) REFERENCES lesson (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_mark_note_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_mark_note_learner_id ON mark_note (school_id, learner_id);
