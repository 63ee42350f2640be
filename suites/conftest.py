"""What all suites share: they are collected for the target of this pytest run and share one session with it."""
