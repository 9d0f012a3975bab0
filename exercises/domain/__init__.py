"""Rules of the catalogue that need only the standard library."""
