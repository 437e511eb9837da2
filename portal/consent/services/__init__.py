"""What is done with consents: giving, withdrawing, and carrying a withdrawal out."""

from portal.consent.services.giving import give_consent
from portal.consent.services.withdrawing import carry_out_withdrawal, finish_step, withdraw_consent

__all__ = ["carry_out_withdrawal", "finish_step", "give_consent", "withdraw_consent"]
