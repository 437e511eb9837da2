"""Pages that read several features: Vandaag, Mijn gegevens, who looked, who got what. It owns no tables."""
