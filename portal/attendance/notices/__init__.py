"""What a learner says beforehand of a lesson that she can't come to. It marks nothing in a register.

Tables: absence_notice.
"""
