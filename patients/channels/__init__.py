"""Letters that people and access need by themselves. Reminders belong to the programme."""
