"""What a school promises, as data: the policy file, its versions, and the public statement made from them.

Whatever depends on a promise asks `current_policy()`; no promise is written a second time in code. Tables:
impact_assessment, policy_announcement, policy_notice_seen, policy_version, privacy_notice. Jobs:
policy.bring_into_force, policy.expire_audit. Used by: everyone at /privacy, who keeps it at
/privacyverklaring/aankondigingen, the operator by `portal policy`.
"""
