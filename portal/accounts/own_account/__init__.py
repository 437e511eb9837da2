"""The own account: e-mail address, password, language."""
