ALTER TABLE recipient_notice ALTER COLUMN withdrawal_id DROP NOT NULL;

ALTER TABLE recipient_notice ADD COLUMN data_request_id UUID;

ALTER TABLE recipient_notice ADD COLUMN reason VARCHAR(40) DEFAULT 'withdrawn' NOT NULL;

ALTER TABLE recipient_notice ADD CONSTRAINT ck_recipient_notice_noticereason CHECK (reason IN ('withdrawn', 'corrected', 'erased', 'restricted'));

ALTER TABLE recipient_notice ADD CONSTRAINT uq_recipient_notice_data_request UNIQUE (school_id, data_request_id, disclosure_id);
