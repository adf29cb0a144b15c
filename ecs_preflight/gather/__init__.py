"""Asks AWS for what the plan needs, once, in rounds."""
