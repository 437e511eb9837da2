"""A teacher who is ill or away: another gives her lessons of some days, of all her groups in one go."""
