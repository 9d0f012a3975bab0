"""The shape of the YAML sheets under `exercises/content/`, and how they are read."""
