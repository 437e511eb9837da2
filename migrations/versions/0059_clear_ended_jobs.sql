ALTER TABLE job NO FORCE ROW LEVEL SECURITY;

UPDATE job SET arguments = '{}', unique_key = NULL
WHERE state IN ('done', 'failed', 'cancelled') AND (arguments <> '{}' OR unique_key IS NOT NULL);

-- An account's id and a name, without the id where she was erased since.
UPDATE job SET arguments = (arguments - 'told_by') || jsonb_build_object(
    'asked_by', CASE WHEN jsonb_array_length(arguments->'told_by') = 2 THEN arguments->'told_by'->0 END)
WHERE kind = 'purposes.send_privacy_notices' AND jsonb_typeof(arguments->'told_by') = 'array';

ALTER TABLE job FORCE ROW LEVEL SECURITY;
