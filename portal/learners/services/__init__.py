"""Changes to records; each file holds what is done to one thing."""

from portal.accounts.services.signing_in import look_up_rights_with
from portal.learners.queries.signed_in import why_shut_out

# Signing in, below this feature, asks here whether a learner's or a representative's account opens anything today.
look_up_rights_with(why_shut_out)
