"""One mail a day at most, which says that there is something new, and what switches it off. Tables: daily_mail."""
