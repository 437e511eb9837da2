CREATE TABLE calendar_feed (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    token_digest BYTEA NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_calendar_feed PRIMARY KEY (school_id, id),
    CONSTRAINT uq_calendar_feed_account_id UNIQUE (school_id, account_id),
    CONSTRAINT uq_calendar_feed_token_digest UNIQUE (school_id, token_digest),
    CONSTRAINT fk_calendar_feed_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_calendar_feed_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);
