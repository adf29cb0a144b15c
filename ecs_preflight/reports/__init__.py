"""One module per format, each a function of the report alone."""
