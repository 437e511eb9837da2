"""A learner's levels."""
