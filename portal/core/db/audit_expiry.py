"""The one way by which entries of the audit go: a database function of a role of its own, which can't sign in.

The application may add to the audit and delete nothing of it. The function takes what the newest line about expired
seals names, and only where that is past the term of the school's policy in force.
"""

ROLE = "portal_audit_expiry"
SIGNATURE = "expire_audit(text)"
RIGHTS = {
    "audit_event": "select, delete",
    "audit_learner": "select, delete",
    "audit_seal": "select, delete",
    "audit_expiry": "select",
    "school": "select",
    "policy_version": "select",
}
"""What the role may do, with rows of the school in scope alone."""

SQL = """
create or replace function expire_audit(of_chain text) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    here uuid := public.current_school();
    today date := (clock_timestamp() at time zone 'Europe/Amsterdam')::date;
    line public.audit_expiry%rowtype;
    oldest record;
    term interval;
    gone uuid[];
begin
    select * into line from public.audit_expiry e
    where e.school_id = here and e.chain = of_chain order by e.last_number desc limit 1;

    select count(*) as seals, min(s.number) as first_number, max(s.at) as last_at,
        coalesce(sum(cardinality(s.event_ids)), 0) as entries,
        (array_agg(s.code order by s.number desc))[1] as standing
    into oldest
    from public.audit_seal s where s.school_id = here and s.chain = of_chain and s.number <= line.last_number;

    if oldest.seals = 0 or (oldest.first_number, oldest.seals, oldest.last_at, oldest.entries, oldest.standing)
        is distinct from (line.first_number, line.last_number - line.first_number + 1, line.last_at,
            line.entries::bigint, line.standing) then
        raise exception 'no line names the oldest seals of the chain %', of_chain;
    end if;

    -- the term in force: of activity that of its category, of all else that of the audit
    select (kept.period ->> 'number' || ' ' || (kept.period ->> 'unit'))::interval into term
    from public.school s
    join public.policy_version v on v.school_id = s.id and v.id = s.policy_version_id
    cross join lateral (select coalesce((
        select stage from jsonb_array_elements(v.parsed -> 'categories') category
        join jsonb_array_elements(v.parsed -> 'terms') t on t ->> 'key' = category ->> 'term'
        cross join jsonb_array_elements(t -> 'stages') stage
        where of_chain = 'activity' and category ->> 'key' = 'activity' and stage ->> 'then' = 'delete' limit 1
    ), v.parsed -> 'audit' -> 'term')) kept (period)
    where s.id = here;

    if term is null or (line.last_at at time zone 'Europe/Amsterdam')::date + term >= today then
        raise exception 'seals of the chain % up to % are within their term', of_chain, line.last_number;
    end if;

    select array_agg(event_id) into gone
    from public.audit_seal s cross join unnest(s.event_ids) event_id
    where s.school_id = here and s.chain = of_chain and s.number <= line.last_number;
    -- whoever adds a seal can make it old; what an entry says of itself can't be changed
    if exists (select from public.audit_event e where e.school_id = here and e.id = any(gone) and (
        e.chain <> of_chain or (e.at at time zone 'Europe/Amsterdam')::date + term >= today)) then
        raise exception 'seals of the chain % hold entries that are within their term', of_chain;
    end if;
    delete from public.audit_learner l where l.school_id = here and l.event_id = any(gone);
    delete from public.audit_event e where e.school_id = here and e.id = any(gone);
    delete from public.audit_seal s
    where s.school_id = here and s.chain = of_chain and s.number <= line.last_number;
    return oldest.entries;
end
$$"""
