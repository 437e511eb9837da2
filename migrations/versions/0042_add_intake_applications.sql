CREATE TABLE intake_application (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    contact_person_id UUID NOT NULL,
    given_name VARCHAR(80) NOT NULL,
    family_name VARCHAR(80) NOT NULL,
    birth_date DATE NOT NULL,
    wish BYTEA,
    channel VARCHAR(40) NOT NULL,
    received_on DATE NOT NULL,
    statement_version_id UUID,
    CONSTRAINT pk_intake_application PRIMARY KEY (school_id, id),
    CONSTRAINT uq_intake_application_contact_person_id UNIQUE (school_id, contact_person_id),
    CONSTRAINT fk_intake_application_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_intake_application_contact_person_id FOREIGN KEY(school_id, contact_person_id) REFERENCES contact_person (school_id, id) ON DELETE CASCADE
);
