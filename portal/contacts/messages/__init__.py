"""What contacts wrote or said, and what was done with it: answered, archived with a reason, or gone (LL-08).

Tables: contact_message.
"""
