"""The nouns of Preflight as frozen values: they do no I/O and know no third-party server."""
