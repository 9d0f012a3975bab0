"""The programme: plans, what is due, what was done, reminders and safety."""
