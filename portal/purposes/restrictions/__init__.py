"""Restriction (afscherming): what nobody but she herself sees or uses until it is lifted (AVG art. 18, ST-08)."""
