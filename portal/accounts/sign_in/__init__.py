"""Signing in and out, with a limit on wrong attempts."""
