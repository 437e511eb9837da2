"""Parents, guardians and representatives: who may act for whom, until when. Tables: representative."""
