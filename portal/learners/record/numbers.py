"""The numbers that a school gives its learners."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Numeric, case, cast, exists, func, select, text, update
from sqlalchemy.orm import aliased

from portal.accounts.models import Account
from portal.core.db.scope import current_school_id, hidden_learners, revealed
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.learners.record.models import Learner

FIRST_NUMBER = 10001
_LOCK_NUMBERS = text("select pg_advisory_xact_lock(hashtextextended(cast(:school as text), 7402))")


def next_number() -> str:
    """Return the number after the school's highest; two who ask at once wait for each other until the commit."""
    session.execute(_LOCK_NUMBERS, {"school": current_school_id()})
    figures = case((Learner.number.regexp_match(r"^[0-9]{1,15}$"), cast(Learner.number, Numeric)))
    with revealed():  # a number of who restricted her data is taken all the same
        highest = session.scalar(select(func.max(figures)).where(Learner.school_id == current_school_id()))
    return str(max(int(highest) + 1, FIRST_NUMBER) if highest is not None else FIRST_NUMBER)


def check_number_is_free(number: str, *, besides: UUID | None = None) -> None:
    """Raise Invalid where another learner has this number, hidden or not.

    Who gives out numbers at once waits for each other.
    """
    session.execute(_LOCK_NUMBERS, {"school": current_school_id()})
    taken = select(Learner.id).where(Learner.school_id == current_school_id(), Learner.number == number)
    hidden = hidden_learners()
    with revealed():
        whose = session.scalar(taken.where(Learner.id != besides) if besides is not None else taken)
    if whose is not None:
        raise Invalid("learner.number", "restricted" if whose in hidden else "number_taken")


def follow_numbers(learner_ids: Collection[UUID]) -> None:
    """Let who signs in by her number do so by the one that her record has now: the one before is free for another."""
    another = aliased(Account)
    is_taken = exists().where(
        another.school_id == Account.school_id, another.sign_in_number == Learner.number, another.is_in_force
    )
    session.execute(
        update(Account)
        .where(
            Account.school_id == current_school_id(),
            Learner.school_id == Account.school_id,
            Learner.account_id == Account.id,
            Learner.id.in_(list(learner_ids)),
            Account.sign_in_number != Learner.number,
            ~is_taken,
        )
        .values(sign_in_number=Learner.number),
        execution_options={"synchronize_session": "fetch"},
    )
