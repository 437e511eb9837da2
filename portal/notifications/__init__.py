"""What happened for whom: the bell on every page, and at most one mail a day that says that there is something new.

Tables: daily_mail, notification. Jobs: notifications.clear_old, notifications.send_daily. Used by: everyone who is
signed in, for what is her own; any room above tells what happened by `notify`.
"""
