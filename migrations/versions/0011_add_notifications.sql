CREATE TABLE notification (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    kind VARCHAR(40) NOT NULL,
    target_id UUID NOT NULL,
    learner_id UUID,
    happened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE,
    has_own_mail BOOLEAN NOT NULL,
    CONSTRAINT pk_notification PRIMARY KEY (school_id, id),
    CONSTRAINT fk_notification_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_notification_notificationkind CHECK (kind IN ('lesson_changed', 'lesson_taken_over', 'group_taught', 'absence_reported', 'absence_answered', 'evaluation_waits', 'signal_raised', 'learners_given', 'coach_stood_in', 'correction_answered')),
    CONSTRAINT fk_notification_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_notification_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_notification_account_id ON notification (school_id, account_id, happened_at);

CREATE INDEX ix_notification_learner_id ON notification (school_id, learner_id);

CREATE INDEX ix_notification_target_id ON notification (school_id, target_id);

CREATE UNIQUE INDEX uq_notification_unseen ON notification (school_id, account_id, kind, target_id) WHERE seen_at is null;

CREATE TABLE daily_mail (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    is_off BOOLEAN NOT NULL,
    last_sent_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_daily_mail PRIMARY KEY (school_id, id),
    CONSTRAINT uq_daily_mail_account_id UNIQUE (school_id, account_id),
    CONSTRAINT fk_daily_mail_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_daily_mail_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

ALTER TABLE school
    ADD COLUMN daily_mail_hour INTEGER NOT NULL DEFAULT 7,
    ADD COLUMN notification_days INTEGER NOT NULL DEFAULT 90,
    ADD CONSTRAINT ck_school_daily_mail_hour CHECK (daily_mail_hour between 0 and 21),
    ADD CONSTRAINT ck_school_notification_days CHECK (notification_days between 7 and 365);
