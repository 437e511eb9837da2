CREATE TABLE erasure_certificate (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    number VARCHAR(20) NOT NULL,
    made_on DATE NOT NULL,
    kind VARCHAR(40) NOT NULL,
    why VARCHAR(40) NOT NULL,
    acted_as VARCHAR(40)[] NOT NULL,
    language VARCHAR(5) NOT NULL,
    is_whole BOOLEAN NOT NULL,
    erased VARCHAR(40)[] NOT NULL,
    kept JSONB NOT NULL,
    ledger BYTEA[] NOT NULL,
    CONSTRAINT pk_erasure_certificate PRIMARY KEY (school_id, id),
    CONSTRAINT uq_erasure_certificate_number UNIQUE (school_id, number),
    CONSTRAINT ck_erasure_certificate_says_what CHECK (is_whole or erased <> '{}'),
    CONSTRAINT fk_erasure_certificate_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_erasure_certificate_personkind CHECK (kind IN ('learner', 'representative', 'contact_person', 'staff')),
    CONSTRAINT ck_erasure_certificate_erasurereason CHECK (why IN ('asked', 'term', 'consent', 'ground'))
);

CREATE INDEX ix_erasure_certificate_made_on ON erasure_certificate (school_id, made_on);

CREATE INDEX ix_erasure_certificate_ledger ON erasure_certificate USING gin (ledger);

ALTER TABLE data_request ADD COLUMN certificate_number VARCHAR(20);
