"""What is done to several members of a group at once: moving, ending, writing to them; seen first, and taken back."""
