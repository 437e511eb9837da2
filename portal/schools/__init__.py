"""The tenant: a school with its hosts, look and sign-in rules; a school that leaves (`departures`).

Tables: school, school_host. Jobs: none. Used by: management sets them; the operator adds schools, and lets them leave.
"""
