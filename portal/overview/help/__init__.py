"""Whom to ask for help: the school's own address and the people who said that they can be asked."""
