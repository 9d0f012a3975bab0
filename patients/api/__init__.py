"""The HTTP doors about people. Private to this app."""
