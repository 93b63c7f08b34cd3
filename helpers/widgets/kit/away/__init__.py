"""A widget away from its notebook: as a link, and as one file of HTML."""
