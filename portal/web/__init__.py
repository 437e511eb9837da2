"""A request from socket to answer, in the order it happens: lifecycle, authentication, navigation, error pages.

Tables: none. Jobs: none. Used by: every request.
"""
