"""A learner's own record, as she sees and changes it."""
