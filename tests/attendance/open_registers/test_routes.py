"""The list of open registers says whose they are."""

from datetime import timedelta

from portal.accounts.council.models import CouncilAnswer
from portal.accounts.models import Account
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from tests.conftest import school_id
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.house.rows import make_row
from tests.page_client import PageClient
from tests.signing_in import SignIn, make_account

LEST_BEST = school_id("lest-best")


def test_an_open_register_names_who_taught_that_day_or_took_over(client: PageClient, sign_in: SignIn) -> None:
    day = today() - timedelta(days=1)
    with in_school(LEST_BEST):
        group = make_group("A2 ochtend", starts_on=day - timedelta(days=9))
        make_teacher_of(group, make_account("Noor Bakker", "teacher"))
        gone = make_account("Vera Smit", "teacher")
        make_teacher_of(group, gone, ends_on=day - timedelta(days=2))
        make_enrolled_learner(group, starts_on=day - timedelta(days=9))
        stand_in = make_account("Sam Visser", "teacher")
        make_lesson(group, held_on=day)
        make_lesson(group, held_on=day - timedelta(days=1), substitute_id=stand_in.id)
    sign_in(client, "administration")
    text = client.get("/presentie").get_data(as_text=True)
    assert text.count("Noor Bakker") == 1
    assert text.count('vervanger: <bdi translate="no">Sam Visser') == 1
    assert "Vera Smit" not in text


def test_more_than_a_page_of_them_are_all_there(client: PageClient, sign_in: SignIn) -> None:
    with in_school(LEST_BEST):
        group = make_group("A2 ochtend", starts_on=today() - timedelta(days=80))
        make_enrolled_learner(group, starts_on=group.starts_on)
        for ago in range(1, 61):
            make_lesson(group, held_on=today() - timedelta(days=ago))
    sign_in(client, "administration")
    texts = [client.get(f"/presentie?pagina={asked}").get_data(as_text=True) for asked in (1, 2, 99)]
    assert [text.count("1 van 1 open") for text in texts] == [50, 10, 10]
    assert all("60 in totaal" in text for text in texts)


def test_those_of_long_ago_are_there_where_they_are_asked_for(client: PageClient, sign_in: SignIn) -> None:
    with in_school(LEST_BEST):
        group = make_group("A2 ochtend", starts_on=today() - timedelta(days=400))
        make_enrolled_learner(group, starts_on=group.starts_on)
        make_lesson(group, held_on=today() - timedelta(days=399))
    sign_in(client, "administration")
    text = client.get("/presentie").text
    assert "A2 ochtend" not in text
    assert "Van elke les sinds" in text
    assert 'href="/presentie?ouder=ja"' in text
    older = client.get("/presentie?ouder=ja").text
    assert "1 van 1 open" in older
    assert "hoe lang geleden ook" in older


def make_open() -> Account:
    """A teacher with a lesson of yesterday that nobody filled in."""
    day = today() - timedelta(days=1)
    teacher, group = make_account("Noor Bakker", "teacher"), make_group("A2 ochtend", starts_on=day)
    make_teacher_of(group, teacher, starts_on=day)
    make_enrolled_learner(group, starts_on=day)
    make_lesson(group, held_on=day)
    return teacher


def test_until_the_works_councils_word_is_recorded_the_page_says_why_and_counts_nobody(
    client: PageClient, sign_in: SignIn
) -> None:
    with in_school(LEST_BEST):
        teacher = make_open()
    sign_in(client, "administration")
    text = client.get("/presentie").text
    assert "Herinneringen en aantallen per docent staan uit" in text
    assert "De directie legt dat vast" in text
    assert "1 les open" not in text
    refused = client.post("/presentie/herinneren", {"docent": str(teacher.id)})
    assert (refused.status_code, "staan uit" in refused.text) == (409, True)


def test_the_office_ticks_a_teacher_and_she_finds_it_at_the_bell(client: PageClient, sign_in: SignIn) -> None:
    with in_school(LEST_BEST):
        teacher = make_open()
        make_row("council_decision", answer=CouncilAnswer.NO_COUNCIL, recorded_at=now())
    sign_in(client, "administration")
    assert "1 les open" in client.get("/presentie").text
    refused = client.post("/presentie/herinneren").text
    assert "Vink eerst een docent aan." in refused.partition("data-focus")[2]
    assert client.post("/presentie/herinneren", {"docent": str(teacher.id)}).status_code == 303
    assert "1 docent krijgt een herinnering." in client.get("/presentie").text
    client.post("/presentie/herinneren", {"docent": str(teacher.id)})
    assert "1 docent kreeg vandaag al een herinnering." in client.get("/presentie").text

    hers = PageClient(client.app, client.host)
    sign_in(hers, "teacher", account=teacher)
    assert "De administratie vraagt u om presentie in te vullen" in hers.get("/meldingen").text
    assert "Docenten herinneren" not in hers.get("/presentie").text
    assert hers.post("/presentie/herinneren", {"docent": str(teacher.id)}).status_code == 403
