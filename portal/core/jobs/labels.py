"""How a job stands, in words for whoever asked for it. What a refusal means, its feature says better by its code."""

from portal.core.http.languages import _
from portal.core.jobs.models import CANCELLED, DONE, FAILED, HANDED, RUNNING, WAITING, Job


def explain(job: Job) -> str:
    """Return one or two sentences on how a job stands, in the reader's language; a fault with its number."""
    if job.state == DONE:
        return _("Klaar.")
    if job.state == CANCELLED:
        return _("Gestopt.")
    if job.state == FAILED:
        return _explain_failure(job)
    if job.state == RUNNING and job.percent is not None:
        return _("Bezig: %(percent)s%%.", percent=job.percent)
    if job.state == RUNNING:
        return _("Bezig.")
    if job.attempts:
        return _("Dit lukte niet meteen. We proberen het vanzelf nog een keer.")
    return _("Dit wacht op zijn beurt.")


def trouble(job: Job | None) -> str:
    """Return what went wrong with a job, as `explain` says it; empty while nothing did, and for one that is gone."""
    stumbled = job is not None and (job.state == FAILED or (job.attempts and job.state in {WAITING, HANDED}))
    return explain(job) if job is not None and stumbled else ""


def _explain_failure(job: Job) -> str:
    if job.fault is None:
        return _("Dit kan zo niet.")
    return _(
        "Dit is niet gelukt, ook niet na %(attempts)s keer. Probeer het later opnieuw."
        " Lukt het weer niet? Noem dan dit nummer: %(fault)s.",
        attempts=job.attempts,
        fault=job.fault,
    )
