CREATE TABLE deidentified_row (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    category VARCHAR(40) NOT NULL,
    year INTEGER,
    kind VARCHAR(40),
    client_id UUID,
    people INTEGER NOT NULL,
    minutes BIGINT NOT NULL,
    amount_cents BIGINT NOT NULL,
    kept_until DATE NOT NULL,
    CONSTRAINT pk_deidentified_row PRIMARY KEY (school_id, id),
    CONSTRAINT ck_deidentified_row_of_several CHECK (people >= 5),
    CONSTRAINT fk_deidentified_row_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_deidentified_row_client_id FOREIGN KEY(school_id, client_id) REFERENCES organisation (school_id, id) ON DELETE SET NULL (client_id)
);

CREATE INDEX ix_deidentified_row_client_id ON deidentified_row (school_id, client_id);

CREATE INDEX ix_deidentified_row_kept_until ON deidentified_row (school_id, kept_until);
