"""The demo: five schools with made-up people on services of its own. It isn't in a release.

Tables: none. Jobs: none. Used by: `make demo`, `make test` and `make bench`; never by a school.
"""
