CREATE TABLE term (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    name VARCHAR(120) NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    CONSTRAINT pk_term PRIMARY KEY (school_id, id),
    CONSTRAINT uq_term_name UNIQUE (school_id, name),
    CONSTRAINT ck_term_ends_after_start CHECK (ends_on >= starts_on),
    CONSTRAINT fk_term_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);
