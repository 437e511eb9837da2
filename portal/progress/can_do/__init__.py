"""What somebody at a level can do, in plain words: the school's statements, and who can do what.

Tables: can_do, can_do_statement.
"""
