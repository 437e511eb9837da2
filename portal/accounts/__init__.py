"""Signing in, second factor, sessions, members, representatives' access and the confidentiality duty.

Tables: account, membership, account_session, recovery_code, sign_in_link, confidentiality_acceptance.
Jobs: accounts.send_reset, accounts.clear_old. Everyone uses it; management keeps the members.
"""
