"""May this be used for that now: consents, withdrawals and objections, and what the worker does after one.

Tables: consent, objection, withdrawal, withdrawal_step. Jobs: purposes.carry_out_withdrawal. Used by: learners
steer it; staff see how it goes.
"""
