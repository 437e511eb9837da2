"""The form of a policy file and what it means: parts, the whole, the checks across parts, and reading from a file."""

from portal.policy.schema.policy import Policy
from portal.policy.schema.reading import PolicyMistakes, read_policy, read_policy_file, reread_policy
from portal.policy.schema.words import Text, Words

__all__ = [
    "Policy",
    "PolicyMistakes",
    "Text",
    "Words",
    "read_policy",
    "read_policy_file",
    "reread_policy",
]
