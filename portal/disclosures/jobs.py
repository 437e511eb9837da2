"""What the worker does for files."""

from uuid import UUID

from flask_babel import force_locale

from portal.consent.services.withdrawing import ANSWER_IN_FILES
from portal.core.jobs import Run, every, job
from portal.disclosures import services
from portal.disclosures.services.asking import MAKE

_HOUR = 3600


@job(MAKE, slow=True)
def make_file(run: Run) -> None:
    """Make one file, in Dutch, as its recipients read it."""

    def told(rows: int) -> None:
        run.progress(rows)
        run.stop_if_cancelled()

    with force_locale("nl"):
        services.make_file(UUID(run.arguments["disclosure_id"]), progress=told)


@job(ANSWER_IN_FILES, attempts=20)
def answer_withdrawal(run: Run) -> None:
    """Deal with the files of one withdrawal."""
    services.answer_withdrawal(UUID(run.arguments["withdrawal_id"]))


@every(_HOUR)
@job("disclosures.end_terms")
def end_terms(_run: Run) -> None:
    """End the files whose term is over."""
    services.end_terms()
