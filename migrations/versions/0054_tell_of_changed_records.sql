ALTER TABLE notification
    DROP CONSTRAINT ck_notification_notificationkind,
    ADD CONSTRAINT ck_notification_notificationkind CHECK (kind IN ('lesson_changed', 'lesson_taken_over', 'group_taught', 'absence_reported', 'absence_answered', 'evaluation_waits', 'signal_raised', 'learners_given', 'coach_stood_in', 'registers_open', 'appointment_near', 'appointment_changed', 'appointment_cancelled', 'correction_answered', 'name_given', 'parents_disagree', 'question_asked', 'record_changed', 'erasure_announced'));
