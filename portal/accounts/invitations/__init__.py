"""Invitations by link or printed code, and accepting one."""
