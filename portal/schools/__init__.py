"""The tenant: a school with its hosts, look and sign-in rules. Management sets them; the operator adds schools.

Tables: school, school_host.
"""
