"""Consents that a learner gives and withdraws, and what the worker does after a withdrawal.

Tables: consent, withdrawal, withdrawal_step. Jobs: consent.carry_out_withdrawal.
Learners steer it; staff see how it goes.
"""
