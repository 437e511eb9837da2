CREATE TABLE passkey (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    label VARCHAR(60) NOT NULL,
    host VARCHAR(253) NOT NULL,
    credential_id BYTEA NOT NULL,
    public_key BYTEA NOT NULL,
    sign_count BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_used_at TIMESTAMP WITH TIME ZONE,
    stopped_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_passkey PRIMARY KEY (school_id, id),
    CONSTRAINT uq_passkey_credential_id UNIQUE (school_id, credential_id),
    CONSTRAINT fk_passkey_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_passkey_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_passkey_account_id ON passkey (school_id, account_id);
