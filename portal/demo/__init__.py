"""The demo: five schools with made-up people on services of its own, for a look round, for tests and for the bench.

Holds: PostgreSQL and Redis under a folder, made-up data, and what starts and stops them all.
Tables: none. Jobs: none. Used by `make demo`, `make test` and `make bench`; never by a school.
"""
