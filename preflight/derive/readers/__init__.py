"""One reader for each form of documentation; each gives the same facts."""
