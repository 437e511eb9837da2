"""Identity documents that a client asked for (MN-05). Tables: identity_document."""
