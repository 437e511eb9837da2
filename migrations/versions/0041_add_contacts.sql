ALTER TABLE school
    ADD COLUMN takes_questions BOOLEAN DEFAULT false NOT NULL,
    ADD COLUMN takes_enquiries BOOLEAN DEFAULT false NOT NULL,
    ADD COLUMN takes_subscribers BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE contact_person
    ALTER COLUMN organisation_id DROP NOT NULL,
    ADD COLUMN relation VARCHAR(40) DEFAULT 'customer' NOT NULL,
    ADD COLUMN company_name VARCHAR(160),
    ADD COLUMN kvk_number VARCHAR(8),
    ADD COLUMN street VARCHAR(160),
    ADD COLUMN postcode VARCHAR(12),
    ADD COLUMN city VARCHAR(80),
    ADD COLUMN language VARCHAR(8),
    ADD COLUMN origin VARCHAR(40) DEFAULT 'company' NOT NULL,
    ADD COLUMN last_contact_on DATE DEFAULT CURRENT_DATE NOT NULL;

ALTER TABLE contact_person
    ADD CONSTRAINT ck_contact_person_relation CHECK (relation IN ('customer', 'former_customer', 'prospect', 'supplier', 'partner', 'other', 'enquirer')),
    ADD CONSTRAINT ck_contact_person_contactorigin CHECK (origin IN ('herself', 'company', 'other_party'));

UPDATE contact_person SET last_contact_on = (created_at AT TIME ZONE 'Europe/Amsterdam')::date;

CREATE TABLE contact_message (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    contact_person_id UUID NOT NULL,
    received_on DATE NOT NULL,
    way VARCHAR(40) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    body BYTEA NOT NULL,
    reply BYTEA,
    handled_on DATE,
    handled_by UUID,
    handled_by_name VARCHAR(200),
    is_archived BOOLEAN NOT NULL,
    archive_reason BYTEA,
    CONSTRAINT pk_contact_message PRIMARY KEY (school_id, id),
    CONSTRAINT ck_contact_message_archived CHECK (not is_archived or (archive_reason is not null and handled_on is not null)),
    CONSTRAINT fk_contact_message_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_contact_message_messageway CHECK (way IN ('website', 'email', 'phone', 'letter', 'counter')),
    CONSTRAINT ck_contact_message_correspondencekind CHECK (kind IN ('question', 'report', 'other')),
    CONSTRAINT fk_contact_message_contact_person_id FOREIGN KEY(school_id, contact_person_id) REFERENCES contact_person (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_contact_message_contact_person_id ON contact_message (school_id, contact_person_id);

CREATE INDEX ix_contact_message_open ON contact_message (school_id, received_on) WHERE handled_on is null;
