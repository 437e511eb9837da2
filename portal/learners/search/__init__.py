"""Finding learners, and adding one."""
