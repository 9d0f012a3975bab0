"""The one write of the catalogue: loading the sheets."""
