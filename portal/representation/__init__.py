"""Parents, guardians and representatives: who may act for whom, until when (LB-11, LL-04).

Tables: parental_dispute, representative. Jobs: none. Used by: administration records them;
representatives choose for whom they look; two parents who disagree read so, and privacy staff settle it.
"""
