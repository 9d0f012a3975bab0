"""Rules about people and duty as plain Python: only the standard library is imported here."""
