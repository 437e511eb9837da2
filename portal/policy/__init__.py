"""What a school promises, as data: the policy file, its versions, and the public statement made from them.

Whatever depends on a promise asks `current_policy()`; no promise is written a second time in code. Tables:
policy_version. Jobs: policy.expire_audit. Used by: everyone at /privacy, the operator by `portal policy`.
"""
