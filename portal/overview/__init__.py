"""Pages that read several features: Vandaag, Mijn gegevens, who looked, who got what.

Tables: none. Jobs: none. Used by: everyone who is signed in.
"""
