"""Telling people whose data came from others that the school has it (AVG art. 14): by mail or by letter, in a month."""
