"""What is done with files: asking for one, making, giving, voiding, and telling recipients of a withdrawal."""

from portal.disclosures.services.asking import ask_for_file
from portal.disclosures.services.giving import give_file
from portal.disclosures.services.making import end_terms, make_file
from portal.disclosures.services.withdrawals import answer_withdrawal, mark_told, set_address

__all__ = [
    "answer_withdrawal",
    "ask_for_file",
    "end_terms",
    "give_file",
    "make_file",
    "mark_told",
    "set_address",
]
