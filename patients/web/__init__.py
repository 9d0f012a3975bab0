"""The pages about accounts and people. Private to this app."""
