"""The alphabet: which signs UTF-8 can say, as a table where Hypothesis looks for it.

Without the table Hypothesis tries every sign of Unicode, in each process anew: a second, and 200 MB for the moment.
Where a release of Hypothesis looks for another table, it makes its own as ever.
"""

import gzip
import json
import sys
import unicodedata
from pathlib import Path

_TABLE = "codec-v2-utf-8.json.gz"
_SURROGATES = (0xD800, 0xDFFF)  # halves of signs, which UTF-8 alone does not say
_CHANGED_ON_THE_WAY = ()  # signs that come back as others: none


def lay_out(storage: Path) -> Path:
    """Write the table into the folder in which Hypothesis keeps what it remembers; gives the file."""
    first, last = _SURROGATES
    sayable = ((0, first - 1), (last + 1, sys.maxunicode))
    file = storage / "unicode_data" / unicodedata.unidata_version / _TABLE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(json.dumps([sayable, _CHANGED_ON_THE_WAY]).encode(), mtime=1))
    return file
