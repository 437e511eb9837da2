"""Each figure is red when its promise is broken in the data, and only then."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.accounts.sessions.expiry import clear_old
from portal.assurance.counts.registry import COUNTS
from portal.assurance.counts.security import count_gone_activity, count_kept_erasures
from portal.assurance.counts.subscribers import count_asked_subscribers
from portal.assurance.counts.terms import count_contacts_past_term, count_gone_records
from portal.assurance.figures.keys import TESTED, Count, Figure, FigureKey
from portal.assurance.figures.promises import figures_by_promise, figures_of
from portal.core.clock import now, start_of, today
from portal.core.db.scope import reveal
from portal.core.http.access import PORTAL
from portal.core.personal_data import PersonKind
from portal.policy.queries import current_policy
from portal.policy.services import shipped_files
from portal.requests.complaints.expiry import end_complaints
from portal.requests.data_requests.expiry import end_requests
from portal.requests.data_requests.models import RequestKind
from portal.retention.certificates.services import end_certificates
from portal.retention.deidentified.services import end_rows
from tests.assurance.counts.broken_data import BREAKS, DAY, set_row
from tests.assurance.counts.broken_subjects import (
    LONG_AGO,
    NEWS,
    PEOPLE,
    RECORDS,
    SUBJECTS,
    TRACES,
    bring_back,
    puts_of,
    sign_in,
)
from tests.factories.learners import make_learner
from tests.factories.policy import SLUGS, shipped
from tests.factories.requests import ask
from tests.promises.marks import LISTED
from tests.retention.people import run_tonight

Enter = Callable[[str], Any]
APART = {FigureKey.RECIPIENTS_AGREED, FigureKey.RECIPIENTS_IN_COUNTRY, FigureKey.TRAIL_WHOLE}
"""What no row of the application breaks: the policy does, or somebody with the owner's rights."""


def test_each_figure_is_counted_and_broken_somewhere() -> None:
    assert set(COUNTS) | TESTED == set(FigureKey)
    by_subject = {figure.key for figure in SUBJECTS}
    assert set(BREAKS) | by_subject | APART | TESTED == set(FigureKey)


EVERY = [(slug, figure) for slug in SLUGS for figure in figures_of(shipped(slug)) if figure.key not in APART | TESTED]


@pytest.mark.parametrize(("slug", "figure"), EVERY, ids=lambda each: each if isinstance(each, str) else "-".join(each))
def test_a_broken_promise_turns_its_figure_red(slug: str, figure: Figure, enter: Enter) -> None:
    keep, broken = puts_of(slug, figure)
    with enter(slug):
        reveal()
        policy = current_policy()
        keep()
        before = COUNTS[figure.key](policy, figure.subject)
        broken()
        after = COUNTS[figure.key](policy, figure.subject)
        again = COUNTS[figure.key](policy, figure.subject)

    assert before.total - before.good < after.total - after.good, (before, after)
    assert not after.is_kept
    assert again == after


@pytest.mark.parametrize("kind", PersonKind)
def test_nobody_of_any_kind_who_was_erased_may_stand_here(kind: PersonKind, enter: Enter) -> None:
    with enter("meester-in-nt2"):
        PEOPLE[kind]()
        before = count_kept_erasures(current_policy(), "")
        assert before.is_kept
        bring_back(kind)
        after = count_kept_erasures(current_policy(), "")

    assert after.total - after.good == 1
    assert after.good > before.good - 1


@pytest.mark.parametrize("trace", TRACES)
def test_a_trace_of_signing_in_goes_at_the_end_of_its_term(trace: str, enter: Enter) -> None:
    with enter("onderwijs-pro"):
        policy = current_policy()
        before = count_gone_activity(policy, "")
        TRACES[trace](now() - 80 * DAY)
        within = count_gone_activity(policy, "")
        TRACES[trace](now() - 100 * DAY)
        after = count_gone_activity(policy, "")

    assert before.is_kept
    assert within == Count(before.good + 1, before.total + 1)
    assert after == Count(within.good, within.total + 1)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("record", RECORDS)
def test_what_names_nobody_goes_at_the_end_of_its_own_term(record: str, slug: str, enter: Enter) -> None:
    with enter(slug):
        policy = current_policy()
        before = count_gone_records(policy, "")
        RECORDS[record](today())
        within = count_gone_records(policy, "")
        RECORDS[record](LONG_AGO)
        after = count_gone_records(policy, "")
        for end in (end_certificates, end_requests, end_complaints, end_rows):
            end(by=PORTAL)
        ended = count_gone_records(policy, "")

    assert before.is_kept
    assert within.is_kept
    assert within.total > before.total
    assert after.total - after.good == 1
    assert ended.is_kept or record == "entry of the audit", "entries go by their seals"


def test_a_request_of_somebody_known_goes_with_her(enter: Enter) -> None:
    with enter("onderwijs-pro"):
        set_row(ask(make_learner(), RequestKind.ERASURE), closed_at=start_of(LONG_AGO))
        assert count_gone_records(current_policy(), "").is_kept


def test_who_is_still_signed_in_without_an_address_leaves_no_trace(enter: Enter) -> None:
    with enter("onderwijs-pro"):
        before = count_gone_activity(current_policy(), "")
        sign_in(now() - 100 * DAY, expires_at=now() + DAY, ip_address=None)
        assert count_gone_activity(current_policy(), "") == before


@pytest.mark.parametrize("who", NEWS)
def test_who_was_never_asked_is_on_no_list(who: str, enter: Enter) -> None:
    with enter("leren-leren"):
        assert count_asked_subscribers(current_policy(), "") == Count(0, 0)
        NEWS[who]()
        assert count_asked_subscribers(current_policy(), "") == Count(0, 1)


@pytest.mark.parametrize("slug", ["onderwijs-pro", "leren-leren"])
def test_what_the_worker_erases_of_contacts_and_traces_turns_no_figure_red_before_it_comes_by(
    slug: str, enter: Enter
) -> None:
    with enter(slug):
        policy = current_policy()
        for figure in SUBJECTS:
            if figure.key in (FigureKey.CONTACTS_PAST_TERM, FigureKey.ACTIVITY_GONE):
                SUBJECTS[figure][1]()
        clear_old()
        run_tonight()
        assert count_contacts_past_term(policy, "enquiry").is_kept
        assert count_contacts_past_term(policy, "question").is_kept
        assert count_gone_activity(policy, "").is_kept


def test_every_promise_of_the_five_statements_has_a_figure() -> None:
    found = {promise for slug in SLUGS for promise in figures_by_promise(shipped(slug))}
    assert found == set(LISTED)
    for slug in SLUGS:
        assert all(figures_by_promise(shipped(slug)).values()), slug
    assert len(shipped_files()) == len(SLUGS)
