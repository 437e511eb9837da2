"""May this be used for that now: consents, withdrawals, objections, restrictions, and what the worker does after one.

Tables: coming_of_age, consent, objection, restriction, restriction_use, withdrawal, withdrawal_step. Jobs:
purposes.carry_out_withdrawal, purposes.come_of_age, purposes.lift_restriction, purposes.send_privacy_notices,
purposes.send_statement_notices.
Used by: learners steer their consents and object; staff see how withdrawals go, tell whose data came from others, and
who turns 16; a request of hers begins and ends a restriction.
"""
