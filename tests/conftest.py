"""What holds for all tests: an interruption reaches the commands that they start, however the tests were started."""

import signal

# A shell that starts something in its background lets it ignore interruptions, and whatever that starts as well.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
