"""The addresses of accounts; each file holds those of one thing a person does."""

from portal.accounts.routes import account, duties, invited, members, second_factor, sessions, signing_in
from portal.accounts.routes.blueprint import blueprint

__all__ = ["account", "blueprint", "duties", "invited", "members", "second_factor", "sessions", "signing_in"]
