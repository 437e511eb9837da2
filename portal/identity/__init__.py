"""Identity documents that a client asked for (MN-05).

Tables: identity_document, masked_document. Jobs: none. Used by: coaches and administration; a learner sees her own.
"""
