"""Content and where it came from: exercises, protocols, their words, limits and sources."""
