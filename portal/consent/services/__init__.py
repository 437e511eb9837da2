"""What is done with consents: giving, withdrawing, and carrying a withdrawal out."""

from portal.consent.queries import consents_in_force
from portal.consent.services.giving import give_consent
from portal.consent.services.merging import foresee_consents, settle_consents
from portal.consent.services.withdrawing import carry_out_withdrawal, finish_step, try_again, withdraw_consent
from portal.learners.services.guards import look_up_consents_with
from portal.learners.services.merging import before_merging

__all__ = ["carry_out_withdrawal", "finish_step", "give_consent", "try_again", "withdraw_consent"]

# The record, below this feature, asks here whether what rests on consent may be stored.
look_up_consents_with(consents_in_force)
# Of two records that become one the newest decisions hold.
before_merging(settle_consents, foresee_consents)
