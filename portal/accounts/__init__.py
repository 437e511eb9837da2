"""Signing in, second factor, sessions, members, representatives' access and the confidentiality duty.

Tables: account, membership, account_session, recovery_code, sign_in_link, confidentiality_acceptance.
Jobs: none of its own; mail goes by core.mail. Everyone uses it; management keeps the members.
"""
