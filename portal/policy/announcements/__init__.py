"""A version of the policy that is announced before it comes into force, or told of after, and who has read of it.

Tables: policy_announcement, policy_notice_seen.
"""
