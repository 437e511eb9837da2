"""Mail to many: written, looked at, counted, and sent by the worker in parts (OP-05, LL-07).

Tables: mailing, mailing_copy.
"""
