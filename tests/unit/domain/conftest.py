"""Properties have no time limit: a slow machine is no broken rule."""

from hypothesis import settings

settings.register_profile("rules", deadline=None)
settings.load_profile("rules")
