"""The form of a policy file and what it means: parts, the whole, the checks across parts, and reading from a file."""

from portal.policy.schema.files import PolicyMistakes, read_policy, read_policy_file, reread_policy
from portal.policy.schema.policy import Policy
from portal.policy.schema.texts import LocalText, Text

__all__ = [
    "LocalText",
    "Policy",
    "PolicyMistakes",
    "Text",
    "read_policy",
    "read_policy_file",
    "reread_policy",
]
