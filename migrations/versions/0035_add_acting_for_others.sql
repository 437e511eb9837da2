ALTER TABLE representative
    ADD COLUMN proof_kind VARCHAR(40),
    ADD COLUMN seen_on DATE,
    ADD COLUMN seen_by UUID,
    ADD COLUMN seen_by_name VARCHAR(200),
    DROP CONSTRAINT ck_representative_representativekind;

ALTER TABLE representative
    ADD CONSTRAINT ck_representative_representativekind CHECK (kind IN ('parent', 'guardian', 'authorised', 'curator', 'administrator', 'mentor')),
    ADD CONSTRAINT ck_representative_proofkind CHECK (proof_kind IN ('extract', 'decision')),
    ADD CONSTRAINT ck_representative_extract_is_seen CHECK (kind not in ('curator', 'administrator', 'mentor') or (proof_kind is not null and seen_on is not null)),
    ADD CONSTRAINT ck_representative_part_is_named CHECK (kind not in ('administrator', 'mentor') or categories <> '{}');

ALTER TABLE consent ADD COLUMN is_ended_at_sixteen BOOLEAN DEFAULT false NOT NULL;

CREATE TABLE coming_of_age (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    sixteen_on DATE NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE NOT NULL,
    by_letter BOOLEAN NOT NULL,
    letter_sent_at TIMESTAMP WITH TIME ZONE,
    letter_sent_by UUID,
    reached_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_coming_of_age PRIMARY KEY (school_id, id),
    CONSTRAINT fk_coming_of_age_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_coming_of_age_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_coming_of_age_learner_id ON coming_of_age (school_id, learner_id);

CREATE TABLE parental_dispute (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    subject VARCHAR(40) NOT NULL,
    topic VARCHAR(80) NOT NULL,
    raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
    raised_by UUID,
    against UUID,
    ended_at TIMESTAMP WITH TIME ZONE,
    settlement VARCHAR(40),
    is_allowed BOOLEAN,
    settled_by UUID,
    settled_by_name VARCHAR(200),
    CONSTRAINT pk_parental_dispute PRIMARY KEY (school_id, id),
    CONSTRAINT ck_parental_dispute_ends_with_a_settlement CHECK ((ended_at is null) = (settlement is null)),
    CONSTRAINT fk_parental_dispute_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_parental_dispute_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_parental_dispute_disputesubject CHECK (subject IN ('consent', 'correction', 'request')),
    CONSTRAINT ck_parental_dispute_settlement CHECK (settlement IN ('agreed', 'court'))
);

CREATE UNIQUE INDEX uq_parental_dispute_open ON parental_dispute (school_id, learner_id, subject, topic) WHERE ended_at is null;

CREATE INDEX ix_parental_dispute_learner_id ON parental_dispute (school_id, learner_id);

ALTER TABLE notification
    DROP CONSTRAINT ck_notification_notificationkind,
    ADD CONSTRAINT ck_notification_notificationkind CHECK (kind IN ('lesson_changed', 'lesson_taken_over', 'group_taught', 'absence_reported', 'absence_answered', 'evaluation_waits', 'signal_raised', 'learners_given', 'coach_stood_in', 'registers_open', 'appointment_near', 'appointment_changed', 'appointment_cancelled', 'correction_answered', 'name_given', 'parents_disagree'));
