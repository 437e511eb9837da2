"""What is held on a learner, who looked, who got it."""
