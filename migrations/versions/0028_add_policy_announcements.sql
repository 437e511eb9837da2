CREATE TABLE policy_announcement (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    version VARCHAR(40) NOT NULL,
    source TEXT NOT NULL,
    parsed JSONB NOT NULL,
    follows_id UUID NOT NULL,
    version_id UUID,
    in_force_on DATE NOT NULL,
    is_important BOOLEAN NOT NULL,
    summary VARCHAR(1000),
    asked_anew VARCHAR(60)[] DEFAULT '{}' NOT NULL,
    announced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    announced_by UUID,
    announced_by_name VARCHAR(200) NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE,
    mails INTEGER,
    readers INTEGER,
    in_force_at TIMESTAMP WITH TIME ZONE,
    cancelled_at TIMESTAMP WITH TIME ZONE,
    cancelled_by UUID,
    cancelled_by_name VARCHAR(200),
    CONSTRAINT pk_policy_announcement PRIMARY KEY (school_id, id),
    CONSTRAINT ck_policy_announcement_in_force_or_cancelled CHECK (in_force_at is null or cancelled_at is null),
    CONSTRAINT ck_policy_announcement_in_force_is_a_version CHECK ((in_force_at is null) = (version_id is null)),
    CONSTRAINT fk_policy_announcement_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_policy_announcement_follows_id FOREIGN KEY(school_id, follows_id) REFERENCES policy_version (school_id, id),
    CONSTRAINT fk_policy_announcement_version_id FOREIGN KEY(school_id, version_id) REFERENCES policy_version (school_id, id)
);

CREATE INDEX ix_policy_announcement_follows_id ON policy_announcement (school_id, follows_id);

CREATE INDEX ix_policy_announcement_version_id ON policy_announcement (school_id, version_id);

CREATE TABLE policy_notice_seen (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    announcement_id UUID NOT NULL,
    account_id UUID NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_policy_notice_seen PRIMARY KEY (school_id, id),
    CONSTRAINT uq_policy_notice_seen UNIQUE (school_id, announcement_id, account_id),
    CONSTRAINT fk_policy_notice_seen_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_policy_notice_seen_announcement_id FOREIGN KEY(school_id, announcement_id) REFERENCES policy_announcement (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_policy_notice_seen_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_policy_notice_seen_account_id ON policy_notice_seen (school_id, account_id);

ALTER TABLE consent ADD COLUMN ended_by_version_id UUID;
