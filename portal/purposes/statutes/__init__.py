"""What an act has a school tell of a learner whatever she chooses: it rests on law, whatever else a policy says."""
