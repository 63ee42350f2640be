"""Formats: what the format keywords of contracts mean; it depends on no package that may or may not be installed."""

from datetime import datetime

from jsonschema import FormatChecker

FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def is_date_time(value: object) -> bool:
    """Tell whether a text is a moment of RFC 3339: date, ``T``, time and zone; other types are no matter of formats."""
    if not isinstance(value, str):
        return True
    moment = datetime.fromisoformat(value)
    return moment.tzinfo is not None and value[10:11] in {"T", "t"}
