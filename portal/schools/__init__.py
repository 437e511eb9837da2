"""The tenant: a school with its hosts, look and sign-in rules.

Tables: school, school_host. Jobs: none. Used by: management sets them; the operator adds schools.
"""
