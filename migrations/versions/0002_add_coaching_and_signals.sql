ALTER TABLE exam_result
    ADD COLUMN replaced VARCHAR(40),
    ADD CONSTRAINT ck_exam_result_replaced CHECK (replaced IN ('passed', 'failed', 'unknown'));

ALTER TABLE level
    ADD COLUMN replaced VARCHAR(40),
    ADD CONSTRAINT ck_level_replaced CHECK (replaced IN ('Alfa A', 'Alfa B', 'Alfa C', 'A0', 'A1', 'A2', 'B1', 'B2', 'C1'));

ALTER TABLE enrolment
    ADD COLUMN end_reason VARCHAR(40),
    ADD CONSTRAINT ck_enrolment_reason_of_an_end CHECK (end_reason is null or ends_on is not null),
    ADD CONSTRAINT ck_enrolment_endreason CHECK (end_reason IN ('finished', 'stopped', 'elsewhere', 'mistake', 'other'));

CREATE TABLE can_do_statement (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    skill VARCHAR(40) NOT NULL,
    level VARCHAR(40) NOT NULL,
    text VARCHAR(200) NOT NULL,
    is_retired BOOLEAN NOT NULL,
    CONSTRAINT pk_can_do_statement PRIMARY KEY (school_id, id),
    CONSTRAINT fk_can_do_statement_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_can_do_statement_skill CHECK (skill IN ('reading', 'listening', 'writing', 'speaking', 'conversation')),
    CONSTRAINT ck_can_do_statement_rung CHECK (level IN ('Alfa A', 'Alfa B', 'Alfa C', 'A0', 'A1', 'A2', 'B1', 'B2', 'C1'))
);

CREATE TABLE signal_rule (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    kind VARCHAR(40) NOT NULL,
    threshold INTEGER NOT NULL,
    is_on BOOLEAN NOT NULL,
    CONSTRAINT pk_signal_rule PRIMARY KEY (school_id, id),
    CONSTRAINT uq_signal_rule_kind UNIQUE (school_id, kind),
    CONSTRAINT ck_signal_rule_threshold CHECK (threshold between 1 and 1000),
    CONSTRAINT fk_signal_rule_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_signal_rule_signalkind CHECK (kind IN ('low_attendance', 'absent_in_a_row', 'not_seen', 'no_contact', 'hours_running_out', 'level_missing'))
);

CREATE TABLE coach_substitute (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    coach_id UUID NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    CONSTRAINT pk_coach_substitute PRIMARY KEY (school_id, id),
    CONSTRAINT uq_coach_substitute_starts_on UNIQUE (school_id, account_id, coach_id, starts_on),
    CONSTRAINT ck_coach_substitute_ends_after_start CHECK (ends_on >= starts_on),
    CONSTRAINT fk_coach_substitute_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_coach_substitute_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_coach_substitute_coach_id FOREIGN KEY(school_id, coach_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_coach_substitute_coach_id ON coach_substitute (school_id, coach_id);

CREATE TABLE saved_view (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    page VARCHAR(60) NOT NULL,
    kept VARCHAR(500) NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_saved_view PRIMARY KEY (school_id, id),
    CONSTRAINT uq_saved_view_page UNIQUE (school_id, account_id, page),
    CONSTRAINT fk_saved_view_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_saved_view_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

CREATE TABLE can_do (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    statement_id UUID NOT NULL,
    is_able BOOLEAN NOT NULL,
    source VARCHAR(40) NOT NULL,
    found_on DATE NOT NULL,
    replaced VARCHAR(40),
    entered_by UUID,
    entered_by_name VARCHAR(200),
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_can_do PRIMARY KEY (school_id, id),
    CONSTRAINT fk_can_do_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_can_do_candosource CHECK (source IN ('teacher', 'learner')),
    CONSTRAINT ck_can_do_answer CHECK (replaced IN ('yes', 'not_yet')),
    CONSTRAINT fk_can_do_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_can_do_statement_id FOREIGN KEY(school_id, statement_id) REFERENCES can_do_statement (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_can_do_learner_id ON can_do (school_id, learner_id);

CREATE INDEX ix_can_do_statement_id ON can_do (school_id, statement_id);

CREATE TABLE coaching (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    account_id UUID NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE,
    given_by UUID,
    given_by_name VARCHAR(200) NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_coaching PRIMARY KEY (school_id, id),
    CONSTRAINT uq_coaching_starts_on UNIQUE (school_id, learner_id, starts_on),
    CONSTRAINT ck_coaching_ends_after_start CHECK (ends_on is null or ends_on >= starts_on),
    CONSTRAINT fk_coaching_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_coaching_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_coaching_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_coaching_coach ON coaching (school_id, account_id, ends_on);

CREATE UNIQUE INDEX uq_coaching_current ON coaching (school_id, learner_id) WHERE ends_on is null;

CREATE TABLE goal (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    skill VARCHAR(40),
    level VARCHAR(40) NOT NULL,
    by_month DATE NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_goal PRIMARY KEY (school_id, id),
    CONSTRAINT ck_goal_by_month CHECK (extract(day from by_month) = 1),
    CONSTRAINT fk_goal_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_goal_skill CHECK (skill IN ('reading', 'listening', 'writing', 'speaking', 'conversation')),
    CONSTRAINT ck_goal_rung CHECK (level IN ('Alfa A', 'Alfa B', 'Alfa C', 'A0', 'A1', 'A2', 'B1', 'B2', 'C1')),
    CONSTRAINT fk_goal_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_goal_learner_id ON goal (school_id, learner_id);

CREATE TABLE record_merge (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    kept_id UUID NOT NULL,
    other_id UUID NOT NULL,
    people UUID[] NOT NULL,
    contents BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_record_merge PRIMARY KEY (school_id, id),
    CONSTRAINT fk_record_merge_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_record_merge_kept_id FOREIGN KEY(school_id, kept_id) REFERENCES learner (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_record_merge_other_id FOREIGN KEY(school_id, other_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_record_merge_kept_id ON record_merge (school_id, kept_id);

CREATE INDEX ix_record_merge_other_id ON record_merge (school_id, other_id);

CREATE TABLE signal (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    kind VARCHAR(40) NOT NULL,
    facts JSONB NOT NULL,
    raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    answer VARCHAR(40),
    quiet_until DATE,
    answered_by UUID,
    answered_by_name VARCHAR(200),
    answered_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_signal PRIMARY KEY (school_id, id),
    CONSTRAINT ck_signal_answer_has_moment CHECK ((answer is null) = (answered_at is null)),
    CONSTRAINT ck_signal_answer_has_day CHECK ((answer is null) = (quiet_until is null)),
    CONSTRAINT fk_signal_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_signal_signalkind CHECK (kind IN ('low_attendance', 'absent_in_a_row', 'not_seen', 'no_contact', 'hours_running_out', 'level_missing')),
    CONSTRAINT ck_signal_signalanswer CHECK (answer IN ('called', 'spoke', 'wait', 'no_ground')),
    CONSTRAINT fk_signal_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_signal_learner_id ON signal (school_id, learner_id);

CREATE INDEX ix_signal_raised_at ON signal (school_id, raised_at);

CREATE UNIQUE INDEX uq_signal_open ON signal (school_id, learner_id, kind) WHERE answered_at is null and ended_at is null;

CREATE INDEX ix_lesson_cancelled ON lesson (school_id, id) WHERE cancelled_at is not null;
