"""Parents, guardians and representatives: who may act for whom, until when (LB-11, LL-04).

Tables: representative. Jobs: none. Used by: administration records them; representatives choose for whom they look.
"""
