CREATE TABLE school (
    id UUID NOT NULL,
    slug VARCHAR(60) NOT NULL,
    name VARCHAR(120) NOT NULL,
    hue INTEGER NOT NULL,
    chroma DOUBLE PRECISION NOT NULL,
    logo BYTEA,
    logo_type VARCHAR(40),
    look_version INTEGER NOT NULL,
    idle_minutes INTEGER NOT NULL,
    idle_minutes_most INTEGER DEFAULT '720' NOT NULL,
    second_factor_roles VARCHAR(40)[] DEFAULT '{}' NOT NULL,
    second_factor_least VARCHAR(40)[] DEFAULT '{}' NOT NULL,
    opening_hours VARCHAR(400),
    policy_version_id UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_school PRIMARY KEY (id),
    CONSTRAINT ck_school_hue CHECK (hue between 0 and 360),
    CONSTRAINT ck_school_chroma CHECK (chroma between 0 and 0.2),
    CONSTRAINT ck_school_idle_minutes CHECK (idle_minutes between 5 and idle_minutes_most),
    CONSTRAINT ck_school_second_factor_least CHECK (second_factor_least <@ second_factor_roles),
    CONSTRAINT uq_school_slug UNIQUE (slug)
);

CREATE TABLE account (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    name VARCHAR(200) NOT NULL,
    email VARCHAR(254),
    sign_in_number VARCHAR(20),
    password_hash VARCHAR(200),
    password_changed_at TIMESTAMP WITH TIME ZONE,
    totp_secret BYTEA,
    totp_since TIMESTAMP WITH TIME ZONE,
    totp_last_step INTEGER,
    language VARCHAR(5),
    helps_with VARCHAR(120),
    help_phone VARCHAR(20),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_account PRIMARY KEY (school_id, id),
    CONSTRAINT ck_account_can_be_named CHECK (email is not null or sign_in_number is not null),
    CONSTRAINT ck_account_email_lower CHECK (email = lower(email)),
    CONSTRAINT fk_account_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);

CREATE UNIQUE INDEX uq_account_email ON account (school_id, email) WHERE ended_at is null;

CREATE UNIQUE INDEX uq_account_sign_in_number ON account (school_id, sign_in_number) WHERE ended_at is null;

CREATE TABLE audit_event (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    event VARCHAR(80) NOT NULL,
    actor_kind VARCHAR(14) NOT NULL,
    actor_id UUID,
    actor_name VARCHAR(200),
    actor_roles VARCHAR(40)[] NOT NULL,
    learner_ids UUID[] NOT NULL,
    subject_kind VARCHAR(40),
    subject_id UUID,
    facts JSONB NOT NULL,
    sealed JSONB,
    origin VARCHAR(60),
    chain VARCHAR(40) DEFAULT 'main' NOT NULL,
    CONSTRAINT pk_audit_event PRIMARY KEY (school_id, id),
    CONSTRAINT ck_audit_event_actor_kind CHECK (actor_kind in ('staff', 'learner', 'representative', 'portal', 'nobody')),
    CONSTRAINT fk_audit_event_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_audit_event_chain CHECK (chain IN ('main', 'activity'))
);

CREATE INDEX ix_audit_event_actor_id ON audit_event (school_id, actor_id, at);

CREATE INDEX ix_audit_event_at ON audit_event (school_id, at, id);

CREATE INDEX ix_audit_event_subject_id ON audit_event (school_id, subject_id, at);

CREATE TABLE audit_expiry (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    chain VARCHAR(40) NOT NULL,
    first_number BIGINT NOT NULL,
    last_number BIGINT NOT NULL,
    first_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    entries INTEGER NOT NULL,
    standing BYTEA NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    code BYTEA NOT NULL,
    CONSTRAINT pk_audit_expiry PRIMARY KEY (school_id, id),
    CONSTRAINT uq_audit_expiry_number UNIQUE (school_id, chain, first_number),
    CONSTRAINT fk_audit_expiry_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_audit_expiry_chain CHECK (chain IN ('main', 'activity'))
);

CREATE TABLE audit_learner (
    school_id UUID NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    learner_id UUID NOT NULL,
    event_id UUID NOT NULL,
    fold VARCHAR(160),
    CONSTRAINT pk_audit_learner PRIMARY KEY (school_id, id),
    CONSTRAINT uq_audit_learner_event_id UNIQUE (school_id, learner_id, event_id),
    CONSTRAINT fk_audit_learner_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);

CREATE INDEX ix_audit_learner_event_id ON audit_learner (school_id, event_id);

CREATE UNIQUE INDEX uq_audit_learner_fold ON audit_learner (school_id, learner_id, fold) WHERE fold is not null;

CREATE TABLE audit_seal (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    chain VARCHAR(40) NOT NULL,
    number BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    event_ids UUID[] NOT NULL,
    codes BYTEA NOT NULL,
    code BYTEA NOT NULL,
    CONSTRAINT pk_audit_seal PRIMARY KEY (school_id, id),
    CONSTRAINT uq_audit_seal_number UNIQUE (school_id, chain, number),
    CONSTRAINT fk_audit_seal_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_audit_seal_chain CHECK (chain IN ('main', 'activity'))
);

CREATE TABLE audit_unsealed (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_ids UUID[] NOT NULL,
    chain VARCHAR(40) DEFAULT 'main' NOT NULL,
    CONSTRAINT pk_audit_unsealed PRIMARY KEY (school_id, id),
    CONSTRAINT fk_audit_unsealed_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_audit_unsealed_chain CHECK (chain IN ('main', 'activity'))
);

CREATE TABLE course (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    name VARCHAR(120) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    is_active BOOLEAN NOT NULL,
    CONSTRAINT pk_course PRIMARY KEY (school_id, id),
    CONSTRAINT uq_course_name UNIQUE (school_id, name),
    CONSTRAINT fk_course_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_course_coursekind CHECK (kind IN ('literacy', 'integration', 'nt2', 'ona', 'knm', 'other'))
);

CREATE TABLE holiday (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    name VARCHAR(120) NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    CONSTRAINT pk_holiday PRIMARY KEY (school_id, id),
    CONSTRAINT ck_holiday_ends_after_start CHECK (ends_on >= starts_on),
    CONSTRAINT fk_holiday_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);

CREATE TABLE import_mapping (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    fingerprint VARCHAR(64) NOT NULL,
    targets JSONB NOT NULL,
    is_group BOOLEAN NOT NULL,
    is_used BOOLEAN NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_import_mapping PRIMARY KEY (school_id, id),
    CONSTRAINT uq_import_mapping_fingerprint UNIQUE (school_id, fingerprint),
    CONSTRAINT fk_import_mapping_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);

CREATE TABLE import_run (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    state VARCHAR(40) NOT NULL,
    file_id UUID,
    file_name VARCHAR(200) NOT NULL,
    refusal VARCHAR(40),
    refusal_facts JSONB NOT NULL,
    sheets JSONB NOT NULL,
    samples BYTEA,
    options JSONB NOT NULL,
    decisions JSONB NOT NULL,
    made JSONB NOT NULL,
    counts JSONB NOT NULL,
    job_id UUID,
    started_by UUID,
    started_by_name VARCHAR(200) NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    stored_at TIMESTAMP WITH TIME ZONE,
    undone_by UUID,
    undone_by_name VARCHAR(200),
    undone_at TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_import_run PRIMARY KEY (school_id, id),
    CONSTRAINT fk_import_run_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_import_run_runstate CHECK (state IN ('reading', 'mapping', 'checking', 'ready', 'storing', 'stored', 'undoing', 'undone', 'refused', 'discarded'))
);

CREATE INDEX ix_import_run_started_at ON import_run (school_id, started_at);

CREATE TABLE job (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    kind VARCHAR(80) NOT NULL,
    arguments JSONB NOT NULL,
    unique_key VARCHAR(200),
    is_slow BOOLEAN NOT NULL,
    state VARCHAR(9) NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    attempts_most INTEGER NOT NULL,
    asked_by UUID,
    asked_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    run_after TIMESTAMP WITH TIME ZONE NOT NULL,
    handed_at TIMESTAMP WITH TIME ZONE,
    started_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    lease UUID,
    lease_until TIMESTAMP WITH TIME ZONE,
    is_cancel_asked BOOLEAN DEFAULT false NOT NULL,
    done INTEGER DEFAULT '0' NOT NULL,
    total INTEGER,
    failure VARCHAR(60),
    failure_facts JSONB,
    fault VARCHAR(12),
    CONSTRAINT pk_job PRIMARY KEY (school_id, id),
    CONSTRAINT ck_job_state CHECK (state in ('waiting', 'handed', 'running', 'done', 'failed', 'cancelled')),
    CONSTRAINT ck_job_lease CHECK ((state = 'running') = (lease is not null)),
    CONSTRAINT ck_job_progress CHECK (done >= 0 and (total is null or total >= 0)),
    CONSTRAINT fk_job_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);

CREATE INDEX ix_job_at_work ON job (school_id, is_slow) WHERE state in ('handed', 'running');

CREATE INDEX ix_job_ended_at ON job (school_id, ended_at);

CREATE INDEX ix_job_handed_at ON job (handed_at) WHERE state = 'handed';

CREATE INDEX ix_job_lease_until ON job (lease_until) WHERE state = 'running';

CREATE INDEX ix_job_waiting ON job (school_id, is_slow, run_after, id) WHERE state = 'waiting';

CREATE UNIQUE INDEX uq_job_open ON job (school_id, kind, unique_key) WHERE state in ('waiting', 'handed', 'running');

CREATE TABLE key_outbox (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    kind VARCHAR(20) NOT NULL,
    contents JSONB NOT NULL,
    CONSTRAINT pk_key_outbox PRIMARY KEY (school_id, id),
    CONSTRAINT ck_key_outbox_kind CHECK (kind in ('destruction', 'ending')),
    CONSTRAINT fk_key_outbox_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);

CREATE TABLE organisation (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    name VARCHAR(160) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    kvk_number VARCHAR(8),
    CONSTRAINT pk_organisation PRIMARY KEY (school_id, id),
    CONSTRAINT uq_organisation_name UNIQUE (school_id, name),
    CONSTRAINT fk_organisation_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_organisation_organisationkind CHECK (kind IN ('municipality', 'employer', 'client', 'other'))
);

CREATE TABLE policy_version (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    version VARCHAR(40) NOT NULL,
    in_force_on DATE NOT NULL,
    source TEXT NOT NULL,
    parsed JSONB NOT NULL,
    is_important BOOLEAN NOT NULL,
    summary VARCHAR(1000),
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    published_by UUID,
    published_by_name VARCHAR(200) NOT NULL,
    CONSTRAINT pk_policy_version PRIMARY KEY (school_id, id),
    CONSTRAINT uq_policy_version_version UNIQUE (school_id, version),
    CONSTRAINT fk_policy_version_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);

CREATE TABLE recipient_address (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    recipient VARCHAR(60) NOT NULL,
    email VARCHAR(254) NOT NULL,
    CONSTRAINT pk_recipient_address PRIMARY KEY (school_id, id),
    CONSTRAINT uq_recipient_address_recipient UNIQUE (school_id, recipient),
    CONSTRAINT fk_recipient_address_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);

CREATE TABLE recurring_job (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    kind VARCHAR(80) NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_recurring_job PRIMARY KEY (school_id, id),
    CONSTRAINT uq_recurring_job_kind UNIQUE (school_id, kind),
    CONSTRAINT fk_recurring_job_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);

CREATE TABLE school_host (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    host VARCHAR(253) NOT NULL,
    is_primary BOOLEAN NOT NULL,
    CONSTRAINT pk_school_host PRIMARY KEY (school_id, id),
    CONSTRAINT uq_school_host_host UNIQUE (host),
    CONSTRAINT fk_school_host_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);

CREATE TABLE stored_file (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID,
    category VARCHAR(40),
    key_generation INTEGER,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    gone_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_stored_file PRIMARY KEY (school_id, id),
    CONSTRAINT ck_stored_file_size CHECK (size >= 0),
    CONSTRAINT ck_stored_file_key CHECK (num_nulls(learner_id, category, key_generation) in (0, 3)),
    CONSTRAINT fk_stored_file_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);

CREATE INDEX ix_stored_file_learner_id ON stored_file (school_id, learner_id);

CREATE TABLE submission (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    digest BYTEA NOT NULL,
    led_to VARCHAR(2000),
    sent_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_submission PRIMARY KEY (school_id, id),
    CONSTRAINT uq_submission_digest UNIQUE (school_id, digest),
    CONSTRAINT fk_submission_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);

CREATE TABLE account_session (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    token_digest BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    authenticated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    has_second_factor BOOLEAN NOT NULL,
    is_own_device BOOLEAN NOT NULL,
    learner_id UUID,
    ip_address VARCHAR(45),
    browser VARCHAR(120),
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_account_session PRIMARY KEY (school_id, id),
    CONSTRAINT uq_account_session_token_digest UNIQUE (school_id, token_digest),
    CONSTRAINT fk_account_session_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_account_session_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_account_session_account_id ON account_session (school_id, account_id);

CREATE TABLE confidentiality_acceptance (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    text_version VARCHAR(20) NOT NULL,
    language VARCHAR(5) NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_confidentiality_acceptance PRIMARY KEY (school_id, id),
    CONSTRAINT uq_confidentiality_acceptance_school_id_account_id_text_version UNIQUE (school_id, account_id, text_version),
    CONSTRAINT fk_confidentiality_acceptance_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_confidentiality_acceptance_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

CREATE TABLE contact_person (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    account_id UUID,
    name VARCHAR(160) NOT NULL,
    email VARCHAR(254),
    phone VARCHAR(30),
    CONSTRAINT pk_contact_person PRIMARY KEY (school_id, id),
    CONSTRAINT fk_contact_person_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_contact_person_organisation_id FOREIGN KEY(school_id, organisation_id) REFERENCES organisation (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_contact_person_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE SET NULL (account_id)
);

CREATE INDEX ix_contact_person_account_id ON contact_person (school_id, account_id);

CREATE INDEX ix_contact_person_organisation_id ON contact_person (school_id, organisation_id);

CREATE TABLE disclosure (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    recipient VARCHAR(60) NOT NULL,
    template VARCHAR(60) NOT NULL,
    purpose VARCHAR(60) NOT NULL,
    categories VARCHAR(40)[] NOT NULL,
    fields VARCHAR(80)[] NOT NULL,
    client_id UUID,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    format VARCHAR(40) NOT NULL,
    state VARCHAR(40) NOT NULL,
    left_out JSONB NOT NULL,
    policy_version_id UUID NOT NULL,
    job_id UUID,
    file_id UUID,
    file_digest BYTEA,
    made_by UUID,
    made_by_name VARCHAR(200) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    first_downloaded_at TIMESTAMP WITH TIME ZONE,
    gone_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_disclosure PRIMARY KEY (school_id, id),
    CONSTRAINT fk_disclosure_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_disclosure_fileformat CHECK (format IN ('xlsx', 'csv', 'pdf')),
    CONSTRAINT ck_disclosure_disclosurestate CHECK (state IN ('waiting', 'ready', 'disclosed', 'void', 'gone', 'failed')),
    CONSTRAINT fk_disclosure_client_id FOREIGN KEY(school_id, client_id) REFERENCES organisation (school_id, id)
);

CREATE INDEX ix_disclosure_client_id ON disclosure (school_id, client_id);

CREATE INDEX ix_disclosure_made_at ON disclosure (school_id, made_at);

CREATE TABLE import_page (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    run_id UUID NOT NULL,
    listing VARCHAR(40) NOT NULL,
    number INTEGER NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_import_page PRIMARY KEY (school_id, id),
    CONSTRAINT uq_import_page_number UNIQUE (school_id, run_id, listing, number),
    CONSTRAINT fk_import_page_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_import_page_listing CHECK (listing IN ('added', 'changed', 'unchanged', 'refused', 'kept', 'noted', 'skipped')),
    CONSTRAINT fk_import_page_run_id FOREIGN KEY(school_id, run_id) REFERENCES import_run (school_id, id) ON DELETE CASCADE
);

CREATE TABLE learner (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    number VARCHAR(20) NOT NULL,
    given_name VARCHAR(120) NOT NULL,
    name_prefix VARCHAR(30),
    family_name VARCHAR(120) NOT NULL,
    street VARCHAR(120),
    house_number VARCHAR(20),
    postcode VARCHAR(12),
    city VARCHAR(80),
    country VARCHAR(60),
    email VARCHAR(254),
    phone VARCHAR(30),
    phone_other VARCHAR(30),
    preferred_language VARCHAR(5),
    gender VARCHAR(40),
    birth_date DATE,
    birth_place VARCHAR(120),
    birth_country VARCHAR(80),
    nationality VARCHAR(80),
    document_kind VARCHAR(40),
    document_number BYTEA,
    document_valid_until DATE,
    bsn BYTEA,
    bsn_digest BYTEA,
    residence_status VARCHAR(80),
    arrived_on DATE,
    education_level VARCHAR(120),
    diplomas VARCHAR(500),
    competences VARCHAR(500),
    languages VARCHAR(200),
    work_experience VARCHAR(500),
    employer VARCHAR(120),
    marital_status VARCHAR(40),
    care_duties BYTEA,
    circumstances BYTEA,
    conditions BYTEA,
    company_name VARCHAR(120),
    kvk_number VARCHAR(8),
    iban BYTEA,
    special_notes BYTEA,
    account_id UUID,
    sort_name VARCHAR(280) COLLATE "C" NOT NULL,
    search_text TEXT NOT NULL,
    sound_given VARCHAR(12),
    sound_given_second VARCHAR(12),
    sound_family VARCHAR(12),
    sound_family_second VARCHAR(12),
    version INTEGER NOT NULL,
    last_contact_on DATE NOT NULL,
    merged_into_id UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_learner PRIMARY KEY (school_id, id),
    CONSTRAINT uq_learner_number UNIQUE (school_id, number),
    CONSTRAINT uq_learner_account UNIQUE (school_id, account_id),
    CONSTRAINT ck_learner_bsn_with_digest CHECK ((bsn is null) = (bsn_digest is null)),
    CONSTRAINT fk_learner_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_learner_gender CHECK (gender IN ('female', 'male', 'other')),
    CONSTRAINT ck_learner_maritalstatus CHECK (marital_status IN ('single', 'married', 'partnership', 'divorced', 'widowed')),
    CONSTRAINT fk_learner_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE SET NULL (account_id),
    CONSTRAINT fk_learner_merged_into_id FOREIGN KEY(school_id, merged_into_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_learner_birth_date ON learner (school_id, birth_date);

CREATE INDEX ix_learner_bsn_digest ON learner (school_id, bsn_digest);

CREATE INDEX ix_learner_merged_into_id ON learner (school_id, merged_into_id);

CREATE INDEX ix_learner_sort_name ON learner (school_id, sort_name, id);

CREATE INDEX ix_learner_sound_family ON learner (school_id, sound_family);

CREATE INDEX ix_learner_sound_family_second ON learner (school_id, sound_family_second) WHERE sound_family_second is not null;

CREATE INDEX ix_learner_sound_given ON learner (school_id, sound_given);

CREATE INDEX ix_learner_sound_given_second ON learner (school_id, sound_given_second) WHERE sound_given_second is not null;

CREATE TABLE learner_group (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    course_id UUID NOT NULL,
    name VARCHAR(120) NOT NULL,
    room VARCHAR(60),
    starts_on DATE NOT NULL,
    ends_on DATE,
    CONSTRAINT pk_learner_group PRIMARY KEY (school_id, id),
    CONSTRAINT uq_learner_group_name UNIQUE (school_id, name),
    CONSTRAINT ck_learner_group_ends_after_start CHECK (ends_on is null or ends_on >= starts_on),
    CONSTRAINT fk_learner_group_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_learner_group_course_id FOREIGN KEY(school_id, course_id) REFERENCES course (school_id, id)
);

CREATE INDEX ix_learner_group_course_id ON learner_group (school_id, course_id);

CREATE TABLE mail (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    template VARCHAR(120) NOT NULL,
    language VARCHAR(8) NOT NULL,
    sealed BYTEA,
    account_id UUID,
    learner_id UUID,
    asked_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_mail PRIMARY KEY (school_id, id),
    CONSTRAINT fk_mail_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_mail_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_mail_account_id ON mail (school_id, account_id);

CREATE TABLE membership (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    role VARCHAR(40) NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE,
    CONSTRAINT pk_membership PRIMARY KEY (school_id, id),
    CONSTRAINT ck_membership_ends_after_start CHECK (ends_on is null or ends_on >= starts_on),
    CONSTRAINT fk_membership_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_membership_role CHECK (role IN ('learner', 'representative', 'teacher', 'coach', 'administration', 'privacy_officer', 'privacy_staff', 'management', 'client_contact', 'auditor')),
    CONSTRAINT fk_membership_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_membership_account_id ON membership (school_id, account_id);

CREATE UNIQUE INDEX uq_membership_current ON membership (school_id, account_id, role) WHERE ends_on is null;

CREATE TABLE recovery_code (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    code_digest BYTEA NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_recovery_code PRIMARY KEY (school_id, id),
    CONSTRAINT fk_recovery_code_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_recovery_code_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_recovery_code_account_id ON recovery_code (school_id, account_id);

CREATE TABLE sign_in_link (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    kind VARCHAR(40) NOT NULL,
    token_digest BYTEA NOT NULL,
    new_email VARCHAR(254),
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_sign_in_link PRIMARY KEY (school_id, id),
    CONSTRAINT uq_sign_in_link_token_digest UNIQUE (school_id, token_digest),
    CONSTRAINT fk_sign_in_link_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_sign_in_link_linkkind CHECK (kind IN ('invitation', 'password_reset', 'new_email', 'first_code', 'second_step')),
    CONSTRAINT fk_sign_in_link_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_sign_in_link_account_id ON sign_in_link (school_id, account_id);

CREATE TABLE appointment (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    subject VARCHAR(200) NOT NULL,
    place VARCHAR(120),
    source VARCHAR(40) DEFAULT 'school' NOT NULL,
    channel VARCHAR(40),
    since_on DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT pk_appointment PRIMARY KEY (school_id, id),
    CONSTRAINT fk_appointment_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_appointment_source CHECK (source IN ('learner', 'school', 'referrer')),
    CONSTRAINT fk_appointment_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_appointment_learner_id ON appointment (school_id, learner_id);

CREATE TABLE complaint (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    filed_on DATE NOT NULL,
    body BYTEA NOT NULL,
    handling BYTEA,
    closed_on DATE,
    source VARCHAR(40) DEFAULT 'school' NOT NULL,
    channel VARCHAR(40),
    since_on DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT pk_complaint PRIMARY KEY (school_id, id),
    CONSTRAINT fk_complaint_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_complaint_source CHECK (source IN ('learner', 'school', 'referrer')),
    CONSTRAINT fk_complaint_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_complaint_learner_id ON complaint (school_id, learner_id);

CREATE TABLE consent (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    purpose VARCHAR(60) NOT NULL,
    is_yes BOOLEAN DEFAULT true NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    given_by UUID,
    given_by_name VARCHAR(200) NOT NULL,
    is_by_representative BOOLEAN NOT NULL,
    statement_version_id UUID NOT NULL,
    language VARCHAR(5) NOT NULL,
    text_shown TEXT NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_consent PRIMARY KEY (school_id, id),
    CONSTRAINT ck_consent_no_is_never_in_force CHECK (is_yes or ended_at is not null),
    CONSTRAINT fk_consent_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_consent_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_consent_learner_id ON consent (school_id, learner_id);

CREATE INDEX ix_consent_purpose ON consent (school_id, purpose, learner_id) WHERE ended_at is null;

CREATE UNIQUE INDEX uq_consent_in_force ON consent (school_id, learner_id, purpose) WHERE ended_at is null;

CREATE TABLE correction (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    field VARCHAR(80) NOT NULL,
    entry_id UUID NOT NULL,
    "old" BYTEA,
    proposed BYTEA,
    remark BYTEA,
    state VARCHAR(40) NOT NULL,
    proposed_by UUID,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by UUID,
    decided_by_name VARCHAR(200),
    decided_at TIMESTAMP WITH TIME ZONE,
    answer VARCHAR(1000),
    CONSTRAINT pk_correction PRIMARY KEY (school_id, id),
    CONSTRAINT fk_correction_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_correction_correctionstate CHECK (state IN ('contested', 'proposed', 'accepted', 'refused', 'withdrawn')),
    CONSTRAINT fk_correction_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_correction_learner_id ON correction (school_id, learner_id);

CREATE UNIQUE INDEX uq_correction_open ON correction (school_id, learner_id, field, entry_id) WHERE state in ('contested', 'proposed');

CREATE TABLE correspondence (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    received_on DATE NOT NULL,
    kind VARCHAR(40) NOT NULL,
    body BYTEA NOT NULL,
    source VARCHAR(40) DEFAULT 'school' NOT NULL,
    channel VARCHAR(40),
    since_on DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT pk_correspondence PRIMARY KEY (school_id, id),
    CONSTRAINT fk_correspondence_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_correspondence_correspondencekind CHECK (kind IN ('question', 'report', 'other')),
    CONSTRAINT ck_correspondence_source CHECK (source IN ('learner', 'school', 'referrer')),
    CONSTRAINT fk_correspondence_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_correspondence_learner_id ON correspondence (school_id, learner_id);

CREATE TABLE disclosure_learner (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    disclosure_id UUID NOT NULL,
    learner_id UUID NOT NULL,
    CONSTRAINT pk_disclosure_learner PRIMARY KEY (school_id, id),
    CONSTRAINT uq_disclosure_learner UNIQUE (school_id, disclosure_id, learner_id),
    CONSTRAINT fk_disclosure_learner_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_disclosure_learner_disclosure_id FOREIGN KEY(school_id, disclosure_id) REFERENCES disclosure (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_disclosure_learner_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_disclosure_learner_learner_id ON disclosure_learner (school_id, learner_id);

CREATE TABLE evaluation (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    kind VARCHAR(40) NOT NULL,
    held_on DATE NOT NULL,
    body BYTEA NOT NULL,
    written_by UUID,
    written_by_name VARCHAR(200) NOT NULL,
    written_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_evaluation PRIMARY KEY (school_id, id),
    CONSTRAINT fk_evaluation_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_evaluation_evaluationkind CHECK (kind IN ('progress', 'final')),
    CONSTRAINT fk_evaluation_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_evaluation_learner_id ON evaluation (school_id, learner_id);

CREATE TABLE exam_result (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    part VARCHAR(40) NOT NULL,
    level VARCHAR(40),
    taken_on DATE NOT NULL,
    is_passed BOOLEAN,
    score VARCHAR(20),
    source VARCHAR(40) NOT NULL,
    entered_by UUID,
    entered_by_name VARCHAR(200) NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_exam_result PRIMARY KEY (school_id, id),
    CONSTRAINT fk_exam_result_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_exam_result_exampart CHECK (part IN ('knm', 'ona', 'reading', 'listening', 'writing', 'speaking')),
    CONSTRAINT ck_exam_result_rung CHECK (level IN ('Alfa A', 'Alfa B', 'Alfa C', 'A0', 'A1', 'A2', 'B1', 'B2', 'C1')),
    CONSTRAINT ck_exam_result_levelsource CHECK (source IN ('intake', 'test', 'teacher', 'exam')),
    CONSTRAINT fk_exam_result_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_exam_result_learner_id ON exam_result (school_id, learner_id);

CREATE TABLE field_origin (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    field VARCHAR(80) NOT NULL,
    entry_id UUID DEFAULT '00000000-0000-0000-0000-000000000000' NOT NULL,
    source VARCHAR(40) NOT NULL,
    channel VARCHAR(40),
    since_on DATE NOT NULL,
    ground VARCHAR(300),
    CONSTRAINT pk_field_origin PRIMARY KEY (school_id, id),
    CONSTRAINT uq_field_origin_field UNIQUE (school_id, learner_id, field, entry_id),
    CONSTRAINT fk_field_origin_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_field_origin_source CHECK (source IN ('learner', 'school', 'referrer')),
    CONSTRAINT fk_field_origin_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE TABLE group_teacher (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    group_id UUID NOT NULL,
    account_id UUID NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE,
    is_substitute BOOLEAN NOT NULL,
    CONSTRAINT pk_group_teacher PRIMARY KEY (school_id, id),
    CONSTRAINT ck_group_teacher_ends_after_start CHECK (ends_on is null or ends_on >= starts_on),
    CONSTRAINT fk_group_teacher_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_group_teacher_group_id FOREIGN KEY(school_id, group_id) REFERENCES learner_group (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_group_teacher_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_group_teacher_account_id ON group_teacher (school_id, account_id);

CREATE INDEX ix_group_teacher_group_id ON group_teacher (school_id, group_id);

CREATE TABLE identity_document (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    file_id UUID,
    requested_by VARCHAR(160) NOT NULL,
    requested_on DATE NOT NULL,
    source VARCHAR(40) DEFAULT 'school' NOT NULL,
    channel VARCHAR(40),
    since_on DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT pk_identity_document PRIMARY KEY (school_id, id),
    CONSTRAINT fk_identity_document_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_identity_document_source CHECK (source IN ('learner', 'school', 'referrer')),
    CONSTRAINT fk_identity_document_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_identity_document_learner_id ON identity_document (school_id, learner_id);

CREATE TABLE import_row (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    run_id UUID NOT NULL,
    learner_id UUID NOT NULL,
    is_added BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    before BYTEA,
    made JSONB NOT NULL,
    CONSTRAINT pk_import_row PRIMARY KEY (school_id, id),
    CONSTRAINT uq_import_row_learner UNIQUE (school_id, run_id, learner_id),
    CONSTRAINT fk_import_row_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_import_row_run_id FOREIGN KEY(school_id, run_id) REFERENCES import_run (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_import_row_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_import_row_learner_id ON import_row (school_id, learner_id);

CREATE TABLE intake (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    held_on DATE NOT NULL,
    result BYTEA,
    statement_version_id UUID,
    statement_shown_at TIMESTAMP WITH TIME ZONE,
    source VARCHAR(40) DEFAULT 'school' NOT NULL,
    channel VARCHAR(40),
    since_on DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT pk_intake PRIMARY KEY (school_id, id),
    CONSTRAINT fk_intake_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_intake_source CHECK (source IN ('learner', 'school', 'referrer')),
    CONSTRAINT fk_intake_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_intake_learner_id ON intake (school_id, learner_id);

CREATE TABLE invoice_line (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    number VARCHAR(40) NOT NULL,
    issued_on DATE NOT NULL,
    description VARCHAR(200) NOT NULL,
    amount_cents INTEGER NOT NULL,
    paid_on DATE,
    source VARCHAR(40) DEFAULT 'school' NOT NULL,
    channel VARCHAR(40),
    since_on DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT pk_invoice_line PRIMARY KEY (school_id, id),
    CONSTRAINT ck_invoice_line_amount CHECK (amount_cents between -100000000 and 100000000),
    CONSTRAINT fk_invoice_line_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_invoice_line_source CHECK (source IN ('learner', 'school', 'referrer')),
    CONSTRAINT fk_invoice_line_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_invoice_line_learner_id ON invoice_line (school_id, learner_id);

CREATE TABLE level (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    skill VARCHAR(40) NOT NULL,
    level VARCHAR(40) NOT NULL,
    source VARCHAR(40) NOT NULL,
    found_on DATE NOT NULL,
    entered_by UUID,
    entered_by_name VARCHAR(200) NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_level PRIMARY KEY (school_id, id),
    CONSTRAINT fk_level_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_level_skill CHECK (skill IN ('reading', 'listening', 'writing', 'speaking', 'conversation')),
    CONSTRAINT ck_level_rung CHECK (level IN ('Alfa A', 'Alfa B', 'Alfa C', 'A0', 'A1', 'A2', 'B1', 'B2', 'C1')),
    CONSTRAINT ck_level_levelsource CHECK (source IN ('intake', 'test', 'teacher', 'exam')),
    CONSTRAINT fk_level_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_level_learner_day ON level (school_id, learner_id, found_on);

CREATE TABLE note (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    body BYTEA NOT NULL,
    is_visible BOOLEAN NOT NULL,
    hidden_because VARCHAR(200),
    written_by UUID,
    written_by_name VARCHAR(200) NOT NULL,
    written_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_note PRIMARY KEY (school_id, id),
    CONSTRAINT fk_note_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_note_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_note_learner_id ON note (school_id, learner_id);

CREATE TABLE order_line (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    ordered_on DATE NOT NULL,
    description VARCHAR(200) NOT NULL,
    source VARCHAR(40) DEFAULT 'school' NOT NULL,
    channel VARCHAR(40),
    since_on DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT pk_order_line PRIMARY KEY (school_id, id),
    CONSTRAINT fk_order_line_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_order_line_source CHECK (source IN ('learner', 'school', 'referrer')),
    CONSTRAINT fk_order_line_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_order_line_learner_id ON order_line (school_id, learner_id);

CREATE TABLE representative (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    account_id UUID,
    kind VARCHAR(40) NOT NULL,
    name VARCHAR(200) NOT NULL,
    email VARCHAR(254),
    proof VARCHAR(300) NOT NULL,
    categories VARCHAR(40)[] DEFAULT '{}' NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    recorded_by UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_representative PRIMARY KEY (school_id, id),
    CONSTRAINT ck_representative_ends_after_start CHECK (ends_on >= starts_on),
    CONSTRAINT fk_representative_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_representative_representativekind CHECK (kind IN ('parent', 'guardian', 'authorised')),
    CONSTRAINT fk_representative_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_representative_account_id FOREIGN KEY(school_id, account_id) REFERENCES account (school_id, id) ON DELETE SET NULL (account_id)
);

CREATE INDEX ix_representative_account_id ON representative (school_id, account_id);

CREATE INDEX ix_representative_learner_id ON representative (school_id, learner_id);

CREATE TABLE timetable_slot (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    group_id UUID NOT NULL,
    weekday INTEGER NOT NULL,
    starts_at TIME WITHOUT TIME ZONE NOT NULL,
    ends_at TIME WITHOUT TIME ZONE NOT NULL,
    break_minutes INTEGER NOT NULL,
    kind VARCHAR(40) DEFAULT 'nt2' NOT NULL,
    place VARCHAR(40) DEFAULT 'school' NOT NULL,
    room VARCHAR(60),
    from_on DATE NOT NULL,
    until_on DATE,
    CONSTRAINT pk_timetable_slot PRIMARY KEY (school_id, id),
    CONSTRAINT ck_timetable_slot_weekday CHECK (weekday between 0 and 6),
    CONSTRAINT ck_timetable_slot_ends_after_start CHECK (ends_at > starts_at),
    CONSTRAINT ck_timetable_slot_break_minutes CHECK (break_minutes between 0 and 240),
    CONSTRAINT fk_timetable_slot_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_timetable_slot_lessonkind CHECK (kind IN ('nt2', 'literacy', 'knm', 'ona', 'participation')),
    CONSTRAINT ck_timetable_slot_lessonplace CHECK (place IN ('school', 'distance')),
    CONSTRAINT fk_timetable_slot_group_id FOREIGN KEY(school_id, group_id) REFERENCES learner_group (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_timetable_slot_group_id ON timetable_slot (school_id, group_id);

CREATE TABLE trajectory (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    act VARCHAR(40) NOT NULL,
    route VARCHAR(40),
    target_group VARCHAR(40),
    funding VARCHAR(40),
    reports_to_government BOOLEAN NOT NULL,
    client_id UUID,
    client_manager_id UUID,
    starts_on DATE NOT NULL,
    ends_on DATE,
    guidance_ended_on DATE,
    agreement_on DATE,
    agreement VARCHAR(1000),
    contract_number VARCHAR(40),
    hours_bought INTEGER,
    minutes_before INTEGER NOT NULL,
    source VARCHAR(40) DEFAULT 'school' NOT NULL,
    channel VARCHAR(40),
    since_on DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT pk_trajectory PRIMARY KEY (school_id, id),
    CONSTRAINT ck_trajectory_ends_after_start CHECK (ends_on is null or ends_on >= starts_on),
    CONSTRAINT fk_trajectory_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_trajectory_act CHECK (act IN ('wi2013', 'wi2021', 'voluntary')),
    CONSTRAINT ck_trajectory_route CHECK (route IN ('b1', 'education', 'z', 'other')),
    CONSTRAINT ck_trajectory_targetgroup CHECK (target_group IN ('asylum', 'family', 'other')),
    CONSTRAINT ck_trajectory_funding CHECK (funding IN ('duo_loan', 'municipality', 'employer', 'self')),
    CONSTRAINT ck_trajectory_source CHECK (source IN ('learner', 'school', 'referrer')),
    CONSTRAINT fk_trajectory_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_trajectory_client_id FOREIGN KEY(school_id, client_id) REFERENCES organisation (school_id, id),
    CONSTRAINT fk_trajectory_client_manager_id FOREIGN KEY(school_id, client_manager_id) REFERENCES contact_person (school_id, id) ON DELETE SET NULL (client_manager_id)
);

CREATE INDEX ix_trajectory_client_id ON trajectory (school_id, client_id);

CREATE INDEX ix_trajectory_client_manager_id ON trajectory (school_id, client_manager_id);

CREATE INDEX ix_trajectory_learner_id ON trajectory (school_id, learner_id);

CREATE TABLE enrolment (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    group_id UUID NOT NULL,
    trajectory_id UUID,
    starts_on DATE NOT NULL,
    ends_on DATE,
    statement_version_id UUID,
    statement_shown_at TIMESTAMP WITH TIME ZONE,
    source VARCHAR(40) DEFAULT 'school' NOT NULL,
    channel VARCHAR(40),
    since_on DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT pk_enrolment PRIMARY KEY (school_id, id),
    CONSTRAINT ck_enrolment_ends_after_start CHECK (ends_on is null or ends_on >= starts_on),
    CONSTRAINT fk_enrolment_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_enrolment_source CHECK (source IN ('learner', 'school', 'referrer')),
    CONSTRAINT fk_enrolment_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_enrolment_group_id FOREIGN KEY(school_id, group_id) REFERENCES learner_group (school_id, id),
    CONSTRAINT fk_enrolment_trajectory_id FOREIGN KEY(school_id, trajectory_id) REFERENCES trajectory (school_id, id) ON DELETE SET NULL (trajectory_id)
);

CREATE INDEX ix_enrolment_group_days ON enrolment (school_id, group_id, starts_on, ends_on);

CREATE INDEX ix_enrolment_learner_id ON enrolment (school_id, learner_id);

CREATE INDEX ix_enrolment_trajectory_id ON enrolment (school_id, trajectory_id);

CREATE TABLE lesson (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    group_id UUID NOT NULL,
    slot_id UUID,
    slot_on DATE,
    held_on DATE NOT NULL,
    starts_at TIME WITHOUT TIME ZONE NOT NULL,
    ends_at TIME WITHOUT TIME ZONE NOT NULL,
    break_minutes INTEGER NOT NULL,
    kind VARCHAR(40) DEFAULT 'nt2' NOT NULL,
    place VARCHAR(40) DEFAULT 'school' NOT NULL,
    room VARCHAR(60),
    substitute_id UUID,
    cancelled_at TIMESTAMP WITH TIME ZONE,
    cancelled_because TEXT,
    changed_at TIMESTAMP WITH TIME ZONE,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_lesson PRIMARY KEY (school_id, id),
    CONSTRAINT uq_lesson_moment UNIQUE (school_id, group_id, held_on, starts_at),
    CONSTRAINT uq_lesson_slot_on UNIQUE (school_id, slot_id, slot_on),
    CONSTRAINT ck_lesson_slot_has_day CHECK (slot_id is null or slot_on is not null),
    CONSTRAINT ck_lesson_ends_after_start CHECK (ends_at > starts_at),
    CONSTRAINT ck_lesson_break_minutes CHECK (break_minutes between 0 and 240 and break_minutes < extract(epoch from ends_at - starts_at) / 60),
    CONSTRAINT fk_lesson_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_lesson_lessonkind CHECK (kind IN ('nt2', 'literacy', 'knm', 'ona', 'participation')),
    CONSTRAINT ck_lesson_lessonplace CHECK (place IN ('school', 'distance')),
    CONSTRAINT fk_lesson_group_id FOREIGN KEY(school_id, group_id) REFERENCES learner_group (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_lesson_slot_id FOREIGN KEY(school_id, slot_id) REFERENCES timetable_slot (school_id, id) ON DELETE SET NULL (slot_id),
    CONSTRAINT fk_lesson_substitute_id FOREIGN KEY(school_id, substitute_id) REFERENCES account (school_id, id) ON DELETE SET NULL (substitute_id)
);

CREATE INDEX ix_lesson_held_on ON lesson (school_id, held_on);

CREATE INDEX ix_lesson_substitute_id ON lesson (school_id, substitute_id);

CREATE TABLE skipped_lesson (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    slot_id UUID NOT NULL,
    slot_on DATE NOT NULL,
    CONSTRAINT pk_skipped_lesson PRIMARY KEY (school_id, id),
    CONSTRAINT uq_skipped_lesson_slot_on UNIQUE (school_id, slot_id, slot_on),
    CONSTRAINT fk_skipped_lesson_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_skipped_lesson_slot_id FOREIGN KEY(school_id, slot_id) REFERENCES timetable_slot (school_id, id) ON DELETE CASCADE
);

CREATE TABLE withdrawal (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    consent_id UUID NOT NULL,
    purpose VARCHAR(60) NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    asked_by UUID,
    done_at TIMESTAMP WITH TIME ZONE,
    job_id UUID,
    CONSTRAINT pk_withdrawal PRIMARY KEY (school_id, id),
    CONSTRAINT uq_withdrawal_consent UNIQUE (school_id, consent_id),
    CONSTRAINT fk_withdrawal_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_withdrawal_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_withdrawal_consent_id FOREIGN KEY(school_id, consent_id) REFERENCES consent (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_withdrawal_learner_id ON withdrawal (school_id, learner_id);

CREATE TABLE attendance_mark (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    lesson_id UUID NOT NULL,
    learner_id UUID NOT NULL,
    status VARCHAR(40) NOT NULL,
    late_minutes INTEGER,
    early_minutes INTEGER NOT NULL,
    is_authorised BOOLEAN,
    minutes INTEGER NOT NULL,
    version BIGINT NOT NULL,
    step_id UUID,
    source VARCHAR(20) NOT NULL,
    marked_by UUID,
    marked_by_name VARCHAR(200) NOT NULL,
    marked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_attendance_mark PRIMARY KEY (school_id, id),
    CONSTRAINT uq_attendance_mark_lesson_learner UNIQUE (school_id, lesson_id, learner_id),
    CONSTRAINT ck_attendance_mark_minutes_not_negative CHECK (late_minutes >= 0 and early_minutes >= 0 and minutes >= 0),
    CONSTRAINT ck_attendance_mark_minutes_when_present CHECK (status = 'present' or (late_minutes is not distinct from 0 and early_minutes = 0 and minutes = 0)),
    CONSTRAINT ck_attendance_mark_authorised_when_absent CHECK (is_authorised is null or status <> 'present'),
    CONSTRAINT fk_attendance_mark_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_attendance_mark_status CHECK (status IN ('present', 'absent', 'excused')),
    CONSTRAINT fk_attendance_mark_lesson_id FOREIGN KEY(school_id, lesson_id) REFERENCES lesson (school_id, id),
    CONSTRAINT fk_attendance_mark_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_attendance_mark_learner_id ON attendance_mark (school_id, learner_id);

CREATE TABLE lesson_evidence (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    learner_id UUID NOT NULL,
    lesson_id UUID NOT NULL,
    file_id UUID NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    source VARCHAR(40) DEFAULT 'school' NOT NULL,
    channel VARCHAR(40),
    since_on DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT pk_lesson_evidence PRIMARY KEY (school_id, id),
    CONSTRAINT fk_lesson_evidence_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_lesson_evidence_source CHECK (source IN ('learner', 'school', 'referrer')),
    CONSTRAINT fk_lesson_evidence_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_lesson_evidence_lesson_id FOREIGN KEY(school_id, lesson_id) REFERENCES lesson (school_id, id)
);

CREATE INDEX ix_lesson_evidence_learner_id ON lesson_evidence (school_id, learner_id);

CREATE INDEX ix_lesson_evidence_lesson_id ON lesson_evidence (school_id, lesson_id);

CREATE TABLE mark_change (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    lesson_id UUID NOT NULL,
    learner_id UUID NOT NULL,
    old_status VARCHAR(40),
    old_late_minutes INTEGER,
    old_early_minutes INTEGER NOT NULL,
    old_is_authorised BOOLEAN,
    new_status VARCHAR(40),
    new_late_minutes INTEGER,
    new_early_minutes INTEGER NOT NULL,
    new_is_authorised BOOLEAN,
    step_id UUID,
    reason TEXT,
    changed_by UUID,
    changed_by_name VARCHAR(200) NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_mark_change PRIMARY KEY (school_id, id),
    CONSTRAINT ck_mark_change_old_authorised_when_absent CHECK (old_is_authorised is null or (old_status is not null and old_status <> 'present')),
    CONSTRAINT ck_mark_change_new_authorised_when_absent CHECK (new_is_authorised is null or (new_status is not null and new_status <> 'present')),
    CONSTRAINT fk_mark_change_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_mark_change_old_status CHECK (old_status IN ('present', 'absent', 'excused')),
    CONSTRAINT ck_mark_change_new_status CHECK (new_status IN ('present', 'absent', 'excused')),
    CONSTRAINT fk_mark_change_lesson_id FOREIGN KEY(school_id, lesson_id) REFERENCES lesson (school_id, id),
    CONSTRAINT fk_mark_change_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_mark_change_learner_id ON mark_change (school_id, learner_id);

CREATE INDEX ix_mark_change_lesson_id ON mark_change (school_id, lesson_id);

CREATE INDEX ix_mark_change_step_id ON mark_change (school_id, step_id);

CREATE TABLE recipient_notice (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    disclosure_id UUID NOT NULL,
    learner_id UUID NOT NULL,
    withdrawal_id UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE,
    told_by UUID,
    told_by_name VARCHAR(200),
    CONSTRAINT pk_recipient_notice PRIMARY KEY (school_id, id),
    CONSTRAINT uq_recipient_notice_withdrawal UNIQUE (school_id, withdrawal_id, disclosure_id),
    CONSTRAINT fk_recipient_notice_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT fk_recipient_notice_disclosure_id FOREIGN KEY(school_id, disclosure_id) REFERENCES disclosure (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_recipient_notice_learner_id FOREIGN KEY(school_id, learner_id) REFERENCES learner (school_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_recipient_notice_withdrawal_id FOREIGN KEY(school_id, withdrawal_id) REFERENCES withdrawal (school_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_recipient_notice_disclosure_id ON recipient_notice (school_id, disclosure_id);

CREATE INDEX ix_recipient_notice_learner_id ON recipient_notice (school_id, learner_id);

CREATE TABLE withdrawal_step (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    withdrawal_id UUID NOT NULL,
    position INTEGER NOT NULL,
    kind VARCHAR(40) NOT NULL,
    subject VARCHAR(80) NOT NULL,
    state VARCHAR(40) NOT NULL,
    facts JSONB NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_withdrawal_step PRIMARY KEY (school_id, id),
    CONSTRAINT uq_withdrawal_step UNIQUE (school_id, withdrawal_id, kind, subject),
    CONSTRAINT fk_withdrawal_step_school_id FOREIGN KEY(school_id) REFERENCES school (id),
    CONSTRAINT ck_withdrawal_step_stepstate CHECK (state IN ('waiting', 'done', 'kept')),
    CONSTRAINT fk_withdrawal_step_withdrawal_id FOREIGN KEY(school_id, withdrawal_id) REFERENCES withdrawal (school_id, id) ON DELETE CASCADE
);
