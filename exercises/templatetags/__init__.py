"""Template tags of the catalogue; templates of other apps may load them."""
