CREATE TABLE council_decision (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    answer VARCHAR(40) NOT NULL,
    decided_on DATE,
    reference VARCHAR(300),
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID,
    recorded_by_name VARCHAR(200) NOT NULL,
    CONSTRAINT pk_council_decision PRIMARY KEY (school_id, id),
    CONSTRAINT fk_council_decision_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_council_decision_councilanswer CHECK (answer IN ('not_yet', 'given', 'no_council')),
    CONSTRAINT ck_council_decision_given_on_a_day CHECK (answer <> 'given' or decided_on is not null)
);

ALTER TABLE notification
    DROP CONSTRAINT ck_notification_notificationkind,
    ADD CONSTRAINT ck_notification_notificationkind CHECK (kind IN ('lesson_changed', 'lesson_taken_over', 'group_taught', 'absence_reported', 'absence_answered', 'evaluation_waits', 'signal_raised', 'learners_given', 'coach_stood_in', 'registers_open', 'correction_answered'));
