CREATE TABLE incident (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    title VARCHAR(200) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    source VARCHAR(40) DEFAULT 'school' NOT NULL,
    hosting_reference VARCHAR(60),
    body TEXT NOT NULL,
    happened_on DATE,
    happened_until DATE,
    aware_at TIMESTAMP WITH TIME ZONE NOT NULL,
    categories VARCHAR(40)[] NOT NULL,
    others INTEGER NOT NULL,
    consequences TEXT,
    measures TEXT,
    is_reported BOOLEAN,
    reported_at TIMESTAMP WITH TIME ZONE,
    report_reason TEXT,
    is_told BOOLEAN,
    told_reason TEXT,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID,
    recorded_by_name VARCHAR(200) NOT NULL,
    CONSTRAINT pk_incident PRIMARY KEY (school_id, id),
    CONSTRAINT uq_incident_hosting_reference UNIQUE (school_id, hosting_reference),
    CONSTRAINT ck_incident_report_has_reason CHECK (is_reported is null or report_reason is not null),
    CONSTRAINT ck_incident_telling_has_reason CHECK (is_told is null or told_reason is not null),
    CONSTRAINT ck_incident_reported_at_a_moment CHECK (is_reported is not true or reported_at is not null),
    CONSTRAINT ck_incident_others_counted CHECK (others >= 0),
    CONSTRAINT fk_incident_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_incident_incidentkind CHECK (kind IN ('sent_wrong', 'lost', 'seen', 'hacked', 'unavailable', 'other')),
    CONSTRAINT ck_incident_incidentsource CHECK (source IN ('school', 'hosting'))
);

CREATE INDEX ix_incident_aware_at ON incident (school_id, aware_at);

CREATE TABLE incident_advice (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    body TEXT NOT NULL,
    written_at TIMESTAMP WITH TIME ZONE NOT NULL,
    written_by UUID,
    written_by_name VARCHAR(200) NOT NULL,
    CONSTRAINT pk_incident_advice PRIMARY KEY (school_id, id),
    CONSTRAINT fk_incident_advice_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_incident_advice_incident_id FOREIGN KEY(school_id, incident_id) REFERENCES incident (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_incident_advice_incident_id ON incident_advice (school_id, incident_id);

CREATE TABLE incident_person (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    learner_id UUID NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE,
    way VARCHAR(40),
    CONSTRAINT pk_incident_person PRIMARY KEY (school_id, id),
    CONSTRAINT uq_incident_person UNIQUE (school_id, incident_id, learner_id),
    CONSTRAINT fk_incident_person_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_incident_person_toldway CHECK (way IN ('email', 'letter')),
    CONSTRAINT fk_incident_person_incident_id FOREIGN KEY(school_id, incident_id) REFERENCES incident (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_incident_person_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_incident_person_learner_id ON incident_person (school_id, learner_id);
