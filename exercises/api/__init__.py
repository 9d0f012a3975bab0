"""The catalogue over HTTP, for practitioners. Private to this app."""
