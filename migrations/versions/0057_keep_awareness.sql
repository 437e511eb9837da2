ALTER TABLE incident
    ADD COLUMN first_aware_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN aware_reason TEXT,
    ADD COLUMN decided_at TIMESTAMP WITH TIME ZONE;

-- When it was decided says the audit: the first entry with the answer that stands.
ALTER TABLE incident NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY;

UPDATE incident SET
    first_aware_at = aware_at,
    decided_at = CASE WHEN is_reported IS NOT NULL THEN coalesce(
        (SELECT min(entry.at) FROM audit_event AS entry
         WHERE entry.school_id = incident.school_id AND entry.event = 'oversight.report_decided'
             AND entry.subject_id = incident.id
             AND (entry.facts->>'is_reported')::boolean = incident.is_reported),
        reported_at, recorded_at) END;

ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;
ALTER TABLE incident FORCE ROW LEVEL SECURITY;

ALTER TABLE incident
    ALTER COLUMN first_aware_at SET NOT NULL,
    ADD CONSTRAINT ck_incident_aware_first CHECK (first_aware_at <= aware_at),
    ADD CONSTRAINT ck_incident_decided_at_a_moment CHECK ((is_reported is null) = (decided_at is null));
