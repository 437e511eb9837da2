-- Of what was asked before, nobody wrote down who asked it, nor what was outside what she may ask.
ALTER TABLE data_request
    ADD COLUMN asked_by_id UUID,
    ADD COLUMN beyond VARCHAR(60)[] DEFAULT '{}' NOT NULL,
    ADD CONSTRAINT fk_data_request_asked_by_id FOREIGN KEY(school_id, asked_by_id) REFERENCES representative (school_id, id) ON DELETE SET NULL (asked_by_id);
CREATE INDEX ix_data_request_asked_by_id ON data_request (school_id, asked_by_id);
