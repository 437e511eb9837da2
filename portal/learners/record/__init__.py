"""The record of a learner: fields, conditions, storage, history."""
