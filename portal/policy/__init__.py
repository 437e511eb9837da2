"""What a school promises, as data: the policy file, its versions, and the public statement made from them.

Tables: policy_version. Addresses: /privacy, /privacy/<version>. Commands: `portal policy new`, `check`, `publish`.
Everything that depends on what a school promises asks `current_policy()`; no promise is written a second time in code.
"""
