-- Of what is there already nobody knows where it came from: it counts as chosen by a person.
ALTER TABLE incident
    ADD COLUMN categories_found VARCHAR(40)[] DEFAULT '{}' NOT NULL,
    ADD CONSTRAINT ck_incident_found_is_chosen CHECK (categories_found <@ categories);
