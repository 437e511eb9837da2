"""The few named database functions that look across schools; nothing else leaves a school's scope.

They belong to a role that can't sign in and has its own policy on exactly their tables, because under forced
row-level security even an owner's function sees nothing.
"""

from dataclasses import dataclass

ROLE = "portal_across"


@dataclass(frozen=True)
class CrossSchoolFunction:
    """A function across schools: its signature, its SQL body as `create or replace`, and the tables it may touch."""

    signature: str
    sql: str
    reads: tuple[str, ...]
    changes: tuple[str, ...] = ()


ENTER_SCHOOL = CrossSchoolFunction(
    signature="enter_school(text)",
    reads=("school", "school_host", "restriction"),
    sql="""
create or replace function enter_school(wanted_host text)
returns table (
    id uuid, slug text, name text, hue integer, chroma double precision, has_logo boolean, look_version integer,
    idle_minutes integer, second_factor_roles text[], policy_version_id uuid, uses_sublevels boolean,
    restricted text
)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
    perform public.refuse_while_restoring();
    select s.id, s.slug, s.name, s.hue, s.chroma, s.logo is not null, s.look_version, s.idle_minutes,
           s.second_factor_roles::text[], s.policy_version_id, s.uses_sublevels
        into id, slug, name, hue, chroma, has_logo, look_version, idle_minutes, second_factor_roles, policy_version_id,
             uses_sublevels
        from public.school s join public.school_host h on h.school_id = s.id
        where h.host = lower(wanted_host) and s.closed_at is null;
    perform set_config('portal.school', coalesce(id::text, ''), true);
    if exists (
        select from public.restriction held where held.school_id = enter_school.id and held.lifted_at is null
    ) then
        restricted := public.restricted_learners(id, '');
    end if;
    perform set_config('portal.hidden', coalesce(restricted, ''), true);
    if id is not null then
        return next;
    end if;
end
$$""",
)

SCHOOL_BY_SLUG = CrossSchoolFunction(
    signature="school_by_slug(text)",
    reads=("school",),
    sql="""
create or replace function school_by_slug(wanted text) returns uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select s.id from public.school s where s.slug = wanted and s.closed_at is null
$$""",
)

LIST_SCHOOLS = CrossSchoolFunction(
    signature="list_schools()",
    reads=("school", "school_host"),
    sql="""
create or replace function list_schools() returns table (id uuid, slug text, name text, host text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select s.id, s.slug::text, s.name::text,
           (select min(h.host)::text from public.school_host h where h.school_id = s.id and h.is_primary)
    from public.school s where s.closed_at is null order by s.slug
$$""",
)

CLOSED_AT_HOST = CrossSchoolFunction(
    signature="closed_at_host(text)",
    reads=("school", "school_host"),
    sql="""
create or replace function closed_at_host(wanted_host text) returns timestamptz
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select s.closed_at from public.school s join public.school_host h on h.school_id = s.id
    where h.host = lower(wanted_host)
$$""",
)

LEAVING_SCHOOL = CrossSchoolFunction(
    signature="leaving_school(text)",
    reads=("school",),
    sql="""
create or replace function leaving_school(wanted text) returns uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select s.id from public.school s where s.slug = wanted
$$""",
)

SWEEP_JOBS = CrossSchoolFunction(
    signature="sweep_jobs(integer, boolean)",
    reads=("job",),
    changes=("job",),
    sql="""
create or replace function sweep_jobs(per_lane integer, may_hand_over boolean)
returns table (school_id uuid, id uuid, is_slow boolean, kind text)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare moment timestamptz := clock_timestamp();
begin
    -- a lease that lapsed: its worker is gone; after the last attempt another only writes down that it failed
    with lapsed as materialized (
        select l.school_id, l.id from public.job l where l.state = 'running' and l.lease_until < moment
        for update skip locked)
    update public.job j set
        state = case when j.is_cancel_asked then 'cancelled' else 'waiting' end,
        ended_at = case when j.is_cancel_asked then moment end,
        arguments = case when j.is_cancel_asked then '{}' else j.arguments end,
        unique_key = case when j.is_cancel_asked then null else j.unique_key end,
        run_after = moment + make_interval(secs =>
            case when j.attempts < j.attempts_most then least(60, (j.attempts - 1) * j.attempts) else 0 end),
        failure = 'worker_lost', fault = null, lease = null, lease_until = null
    from lapsed where j.school_id = lapsed.school_id and j.id = lapsed.id;
    if not may_hand_over then
        return;
    end if;
    -- handed over five seconds ago and not begun: the caller asks Redis whether it lost them
    return query with forgotten as materialized (
        select h.school_id, h.id from public.job h
        where h.state = 'handed' and h.handed_at < moment - interval '5 seconds' for update skip locked)
    update public.job j set handed_at = moment from forgotten f
        where j.school_id = f.school_id and j.id = f.id
        returning j.school_id, j.id, j.is_slow, j.kind::text;
    -- what waits and may go, so many for each school and lane
    return query with recursive lanes as (
        (select w.school_id, w.is_slow from public.job w where w.state = 'waiting'
            order by w.school_id, w.is_slow limit 1)
        union all
        select n.school_id, n.is_slow from lanes l cross join lateral (
            select w.school_id, w.is_slow from public.job w
            where w.state = 'waiting' and (w.school_id, w.is_slow) > (l.school_id, l.is_slow)
            order by w.school_id, w.is_slow limit 1) n
    ), picked as materialized (
        select g.school_id, g.id from lanes l cross join lateral (
            select w.school_id, w.id from public.job w
            where w.state = 'waiting' and w.school_id = l.school_id and w.is_slow = l.is_slow
                and w.run_after <= moment
            order by w.run_after, w.id
            limit greatest(0, per_lane - (
                select count(*) from public.job b where b.school_id = l.school_id and b.is_slow = l.is_slow
                    and b.state in ('handed', 'running')))
            for update skip locked) g
    )
    update public.job j set state = 'handed', handed_at = moment from picked p
        where j.school_id = p.school_id and j.id = p.id
        returning j.school_id, j.id, j.is_slow, j.kind::text;
end
$$""",
)

CLAIM_JOB = CrossSchoolFunction(
    signature="claim_job(uuid, uuid, uuid, double precision)",
    reads=("job",),
    changes=("job",),
    sql="""
create or replace function claim_job(of_school uuid, wanted uuid, token uuid, seconds double precision)
returns table (kind text, arguments jsonb, attempts integer, attempts_most integer, total integer)
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
    update public.job j set state = 'running', lease = token, attempts = j.attempts + 1,
        lease_until = clock_timestamp() + make_interval(secs => seconds),
        started_at = coalesce(j.started_at, clock_timestamp())
    where j.school_id = of_school and j.id = wanted and j.state = 'handed'
    returning j.kind::text, j.arguments, j.attempts, j.attempts_most, j.total
$$""",
)

DUE_JOBS = CrossSchoolFunction(
    signature="due_jobs(text[])",
    reads=("school", "recurring_job"),
    sql="""
create or replace function due_jobs(kinds text[]) returns table (school_id uuid, kind text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select s.id, k.kind from public.school s cross join unnest(kinds) as k (kind)
        left join public.recurring_job r on r.school_id = s.id and r.kind = k.kind
    where s.closed_at is null and (r.next_at is null or r.next_at <= clock_timestamp())
$$""",
)

WAITING_WORK = CrossSchoolFunction(
    signature="waiting_work()",
    reads=("school", "audit_unsealed", "key_outbox"),
    sql="""
create or replace function waiting_work() returns table (school_id uuid, kind text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select s.id, 'audit.seal' from public.school s
    where exists (select from public.audit_unsealed u where u.school_id = s.id)
    union all
    select s.id, 'keys.push_waiting' from public.school s
    where exists (select from public.key_outbox o where o.school_id = s.id)
$$""",
)

FAILED_JOBS = CrossSchoolFunction(
    signature="failed_jobs(timestamptz)",
    reads=("school", "job"),
    sql="""
create or replace function failed_jobs(since timestamptz)
returns table (slug text, kind text, id uuid, attempts integer, ended_at timestamptz, failure text, fault text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select s.slug::text, j.kind::text, j.id, j.attempts, j.ended_at, j.failure::text, j.fault::text
    from public.job j join public.school s on s.id = j.school_id
    where j.state = 'failed' and j.ended_at >= since order by j.ended_at desc limit 1000
$$""",
)

COUNT_JOBS = CrossSchoolFunction(
    signature="count_jobs()",
    reads=("job",),
    sql="""
create or replace function count_jobs()
returns table (state text, is_slow boolean, jobs bigint, oldest_seconds double precision)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select j.state::text, j.is_slow, count(*), extract(epoch from clock_timestamp() - min(j.asked_at))::float8
    from public.job j where j.state in ('waiting', 'handed', 'running') group by j.state, j.is_slow
$$""",
)

NIGHTLY_JOBS = CrossSchoolFunction(
    signature="nightly_jobs(text[])",
    reads=("school", "job", "recurring_job"),
    sql="""
create or replace function nightly_jobs(kinds text[])
returns table (slug text, kind text, state text, failure text, next_at timestamptz, asked_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    -- of each school and kind how the last one ended, when the next is due, since when one waits or runs
    select s.slug::text, k.kind, ended.state::text, ended.failure::text, r.next_at, open.asked_at
    from public.school s cross join unnest(kinds) as k (kind)
        left join public.recurring_job r on r.school_id = s.id and r.kind = k.kind
        left join lateral (
            select e.state, e.failure from public.job e
            where e.school_id = s.id and e.kind = k.kind and e.ended_at is not null
            order by e.ended_at desc limit 1) ended on true
        left join lateral (
            select min(o.asked_at) as asked_at from public.job o
            where o.school_id = s.id and o.kind = k.kind and o.state in ('waiting', 'handed', 'running')) open on true
    where s.closed_at is null order by s.slug, k.kind
$$""",
)

HELD_RUNS = CrossSchoolFunction(
    signature="held_runs()",
    reads=("school", "retention_run"),
    sql="""
create or replace function held_runs() returns table (slug text, waiting integer)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select s.slug::text, latest.waiting from public.school s cross join lateral (
        select r.state, r.waiting, r.confirmed_at from public.retention_run r
        where r.school_id = s.id order by r.ran_on desc limit 1) latest
    where latest.state = 'waits' and latest.waiting > 0 and latest.confirmed_at is null order by s.slug
$$""",
)

OLDEST_WAITING = CrossSchoolFunction(
    signature="oldest_waiting()",
    reads=("school", "audit_unsealed", "key_outbox"),
    sql="""
create or replace function oldest_waiting() returns table (slug text, seal uuid, ending uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    -- the first 48 bits of an id say when it was made
    select s.slug::text,
        (select u.id from public.audit_unsealed u where u.school_id = s.id order by u.id limit 1),
        (select o.id from public.key_outbox o where o.school_id = s.id order by o.id limit 1)
    from public.school s where s.closed_at is null order by s.slug
$$""",
)

COUNT_MAILS = CrossSchoolFunction(
    signature="count_mails(timestamptz)",
    reads=("school", "job"),
    sql="""
create or replace function count_mails(since timestamptz)
returns table (sent bigint, refused bigint, oldest_asked_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select sum(ended.sent)::bigint, sum(ended.refused)::bigint, min(open.asked_at)
    from public.school s cross join lateral (
        select count(*) filter (where e.state = 'done') as sent, count(*) filter (where e.state = 'failed') as refused
        from public.job e where e.school_id = s.id and e.ended_at >= since and e.kind = 'mail.send') ended
    cross join lateral (
        select min(o.asked_at) as asked_at from public.job o
        where o.school_id = s.id and o.kind = 'mail.send' and o.state in ('waiting', 'handed', 'running')) open
$$""",
)

FUNCTIONS: tuple[CrossSchoolFunction, ...] = (
    ENTER_SCHOOL,
    SCHOOL_BY_SLUG,
    LIST_SCHOOLS,
    CLOSED_AT_HOST,
    LEAVING_SCHOOL,
    SWEEP_JOBS,
    CLAIM_JOB,
    DUE_JOBS,
    WAITING_WORK,
    FAILED_JOBS,
    COUNT_JOBS,
    NIGHTLY_JOBS,
    HELD_RUNS,
    OLDEST_WAITING,
    COUNT_MAILS,
)
