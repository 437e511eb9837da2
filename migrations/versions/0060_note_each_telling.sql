ALTER TABLE recipient_notice
    DROP CONSTRAINT uq_recipient_notice_data_request,
    ADD CONSTRAINT uq_recipient_notice_data_request UNIQUE (school_id, data_request_id, disclosure_id, reason);

-- Of who was told before, no mail is known: she counts as told.
ALTER TABLE privacy_notice ADD COLUMN mail_id UUID;
