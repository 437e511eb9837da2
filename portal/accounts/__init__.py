"""Signing in, second factor, passkeys, sessions, members and the confidentiality duty.

Tables: account, account_session, calendar_feed, confidentiality_acceptance, council_decision, membership, passkey,
recovery_code, saved_view, sign_in_link. Jobs: accounts.clear_old, accounts.send_reset. Used by: everyone for the own
account; management keeps the members, and what the works council said.
"""
