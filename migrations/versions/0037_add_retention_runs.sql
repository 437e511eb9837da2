CREATE TABLE retention_run (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    ran_on DATE NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    state VARCHAR(40) NOT NULL,
    is_first BOOLEAN NOT NULL,
    cap INTEGER NOT NULL,
    due INTEGER DEFAULT '0' NOT NULL,
    erased INTEGER DEFAULT '0' NOT NULL,
    waiting INTEGER DEFAULT '0' NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    confirmed_by UUID,
    confirmed_by_name VARCHAR(200) DEFAULT '' NOT NULL,
    confirmed_people INTEGER,
    carried_out INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_retention_run PRIMARY KEY (school_id, id),
    CONSTRAINT uq_retention_run_ran_on UNIQUE (school_id, ran_on),
    CONSTRAINT ck_retention_run_confirmed_with_number CHECK ((confirmed_at is null) = (confirmed_people is null)),
    CONSTRAINT fk_retention_run_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_retention_run_runstate CHECK (state IN ('running', 'done', 'waits'))
);

CREATE TABLE partial_ending (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    ended_on DATE NOT NULL,
    categories VARCHAR(40)[] NOT NULL,
    erased_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_partial_ending PRIMARY KEY (school_id, id),
    CONSTRAINT uq_partial_ending_learner UNIQUE (school_id, learner_id),
    CONSTRAINT fk_partial_ending_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_partial_ending_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE TABLE retention_hold (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    reason VARCHAR(40) NOT NULL,
    details VARCHAR(400) NOT NULL,
    ends_on DATE NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    set_by UUID,
    set_by_name VARCHAR(200) NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by UUID,
    ended_by_name VARCHAR(200) DEFAULT '' NOT NULL,
    CONSTRAINT pk_retention_hold PRIMARY KEY (school_id, id),
    CONSTRAINT ck_retention_hold_law_is_named CHECK (reason <> 'law' or details <> ''),
    CONSTRAINT fk_retention_hold_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_retention_hold_holdreason CHECK (reason IN ('claim', 'pending', 'incident', 'financier', 'law')),
    CONSTRAINT fk_retention_hold_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_retention_hold_learner_id ON retention_hold (school_id, learner_id);

ALTER TABLE school
    ADD COLUMN retention_preview_days INTEGER DEFAULT 14 NOT NULL,
    ADD COLUMN retention_cap_people INTEGER DEFAULT 50 NOT NULL,
    ADD COLUMN retention_cap_percent INTEGER DEFAULT 5 NOT NULL,
    ADD CONSTRAINT ck_school_retention_preview_days CHECK (retention_preview_days between 1 and 90),
    ADD CONSTRAINT ck_school_retention_cap_people CHECK (retention_cap_people between 1 and 10000),
    ADD CONSTRAINT ck_school_retention_cap_percent CHECK (retention_cap_percent between 0 and 25);
