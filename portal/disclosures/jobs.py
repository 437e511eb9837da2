"""What the worker does for files."""

from uuid import UUID

from flask_babel import force_locale

from portal.core.db.scope import reveal
from portal.core.http.access import PORTAL
from portal.core.jobs import Run, every, job
from portal.disclosures.files import production as files_production
from portal.disclosures.files.services import MAKE
from portal.disclosures.recipients import ended_consents
from portal.disclosures.recipients import objections as recipients_objections
from portal.disclosures.recipients import restrictions as recipients_restrictions
from portal.disclosures.recipients import withdrawals as recipients_withdrawals
from portal.purposes.coming_of_age.services import VOID_LAPSED
from portal.purposes.objections.services import VOID_OBJECTED
from portal.purposes.restrictions.services import VOID_FILES
from portal.purposes.withdrawals.services import ANSWER_IN_FILES

_HOUR = 3600


@job(MAKE, slow=True)
def make_file(run: Run) -> None:
    """Make one file, in Dutch, as its recipients read it."""

    def told(rows: int) -> None:
        run.progress(rows)
        run.stop_if_cancelled()

    with force_locale("nl"):
        files_production.make_file(UUID(run.arguments["disclosure_id"]), by=PORTAL, progress=told)


@job(ANSWER_IN_FILES, attempts=20)
def answer_withdrawal(run: Run) -> None:
    """Deal with the files of one withdrawal, of who restricted her data too."""
    reveal()
    recipients_withdrawals.answer_withdrawal(UUID(run.arguments["withdrawal_id"]), by=PORTAL)


@job(VOID_FILES, attempts=20)
def void_restricted(run: Run) -> None:
    """Make files anew that hold what was restricted before anybody fetched them."""
    reveal()
    recipients_restrictions.void_restricted(UUID(run.arguments["restriction_id"]), by=PORTAL)


@job(VOID_OBJECTED, attempts=20)
def void_objected(run: Run) -> None:
    """Make files anew that hold who objected to their purpose before anybody fetched them."""
    reveal()
    recipients_objections.void_objected(UUID(run.arguments["objection_id"]), by=PORTAL)


@job(VOID_LAPSED, attempts=20)
def void_lapsed(run: Run) -> None:
    """Make files anew that were made under a consent that lapsed."""
    reveal()
    ended_consents.void_lapsed(UUID(run.arguments["consent_id"]), by=PORTAL)


@every(_HOUR)
@job("disclosures.end_terms")
def end_terms(_run: Run) -> None:
    """End the files whose term is over."""
    files_production.end_terms()
