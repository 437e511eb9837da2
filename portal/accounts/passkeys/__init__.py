"""Passkeys: the lock of a phone or laptop in place of password and code. Tables: passkey."""
