"""The few named database functions that look across schools; nothing else leaves a school's scope.

They belong to a role that can't sign in and has its own policy on exactly their tables, because under forced
row-level security even an owner's function sees nothing.
"""

from dataclasses import dataclass

ROLE = "portal_across"


@dataclass(frozen=True)
class AcrossFunction:
    """A function across schools: its signature, its SQL body as `create or replace`, and the tables it may touch."""

    signature: str
    sql: str
    reads: tuple[str, ...]
    changes: tuple[str, ...] = ()


ENTER_SCHOOL = AcrossFunction(
    signature="enter_school(text)",
    reads=("school", "school_host"),
    sql="""
create or replace function enter_school(wanted_host text)
returns table (
    id uuid, slug text, name text, hue integer, chroma double precision, has_logo boolean, look_version integer,
    idle_minutes integer, second_factor_roles text[], policy_version_id uuid
)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    return query
        select s.id, s.slug::text, s.name::text, s.hue, s.chroma, s.logo is not null, s.look_version,
               s.idle_minutes, s.second_factor_roles::text[], s.policy_version_id
        from public.school s join public.school_host h on h.school_id = s.id
        where h.host = lower(wanted_host);
    perform set_config('portal.school', coalesce(
        (select h.school_id::text from public.school_host h where h.host = lower(wanted_host)), ''), true);
end
$$""",
)

SCHOOL_BY_SLUG = AcrossFunction(
    signature="school_by_slug(text)",
    reads=("school",),
    sql="""
create or replace function school_by_slug(wanted text) returns uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select s.id from public.school s where s.slug = wanted
$$""",
)

LIST_SCHOOLS = AcrossFunction(
    signature="list_schools()",
    reads=("school", "school_host"),
    sql="""
create or replace function list_schools() returns table (id uuid, slug text, name text, host text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select s.id, s.slug::text, s.name::text,
           (select min(h.host)::text from public.school_host h where h.school_id = s.id and h.is_primary)
    from public.school s order by s.slug
$$""",
)

FUNCTIONS: tuple[AcrossFunction, ...] = (ENTER_SCHOOL, SCHOOL_BY_SLUG, LIST_SCHOOLS)
