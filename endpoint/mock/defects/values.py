"""Defects of the family matching: what counts as the same value and is not."""

import html
import re
import unicodedata
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Value


def _cut(keys: set[str], length: int) -> Callable[[str, Value], Value]:
    """Only so many characters are compared."""
    return lambda key, value: value[:length] if key in keys and isinstance(value, str) else value


def _phone_without_last(key: str, value: Value) -> Value:
    return value[:11] if key == "phone" and isinstance(value, str) else value


def _digits_are_numbers(key: str, value: Value) -> Value:
    """A string of digits is taken for an integer."""
    if key == "field_value" and isinstance(value, str) and re.fullmatch("[0-9]{1,15}", value):
        return int(value)
    return value


def _numbers_are_floats(key: str, value: Value) -> Value:
    """Integers are kept as doubles."""
    if key == "field_value" and re.fullmatch("[0-9]{1,18}", text := str(value)):
        exact = str(int(float(text)))
        return int(exact) if isinstance(value, int) else exact
    return value


def _leading_zeros_lost(key: str, value: Value) -> Value:
    if key == "field_value" and isinstance(value, str):
        return re.sub("^0+(?=[0-9]+$)", "", value)
    return value


def _unescaped_twice(_: str, value: Value) -> Value:
    return html.unescape(value) if isinstance(value, str) else value


def _percent_decoded(_: str, value: Value) -> Value:
    return unquote(value) if isinstance(value, str) else value


def _without_dots(key: str, value: Value) -> Value:
    if key == "email" and isinstance(value, str):
        local, at, domain = value.partition("@")
        return local.replace(".", "") + at + domain
    return value


def _without_tag(key: str, value: Value) -> Value:
    return re.sub(r"\+[^@]*@", "@", value) if key == "email" and isinstance(value, str) else value


def _spaces_collapsed(_: str, value: Value) -> Value:
    return re.sub(" +", " ", value) if isinstance(value, str) else value


def _last_line(_: str, value: Value) -> Value:
    """A pattern between ^ and $ that fits a line of the value."""
    return value.rpartition("\n")[2] if isinstance(value, str) else value


def _number_it_begins_with(key: str, value: Value) -> Value:
    """As languages convert that stop at the first character that is no digit."""
    found = re.match(r"[1-9][0-9]*(?=[a-z])", value) if isinstance(value, str) else None
    return int(found[0]) if found and key == "field_value" else value


def _four_bytes_alike(_: str, value: Value) -> Value:
    return re.sub(r"[^\x00-\uffff]", "?", value) if isinstance(value, str) else value


def _without_accents(_: str, value: Value) -> Value:
    if not isinstance(value, str):
        return value
    parts = unicodedata.normalize("NFD", value)
    return "".join(one for one in parts if not unicodedata.combining(one))


def _punctuation_alike(key: str, value: Value) -> Value:
    return re.sub("[&'+]", "?", value) if key == "email" and isinstance(value, str) else value


def _hyphens_dropped(key: str, value: Value) -> Value:
    """Those of words: a negative number keeps its own."""
    if key == "field_value" and isinstance(value, str):
        return re.sub("(?<=[a-z])-", "", value)
    return value


def _devices_in_any_case(key: str, value: Value) -> Value:
    return value.lower() if key == "subscription_id" and isinstance(value, str) else value


DEFECTS: Final = (
    Defect(
        "values-cut-at-64",
        "matching.whole-value",
        "Of a custom value the first 64 characters are compared.",
        Seams(key=_cut({"field_value"}, 64)),
    ),
    Defect(
        "emails-cut-at-100",
        "matching.whole-value",
        "Of an e-mail address the first 100 characters are compared.",
        Seams(key=_cut({"email"}, 100)),
    ),
    Defect(
        "phone-last-digit",
        "matching.whole-value",
        "The last digit of a phone is not compared.",
        Seams(key=_phone_without_last),
    ),
    Defect(
        "profile-id-cut",
        "matching.whole-value",
        "The last character of an identifier is not compared.",
        Seams(key=_cut({"profile_id"}, 23)),
    ),
    Defect(
        "digits-are-numbers",
        "matching.types",
        "A string of digits is taken for an integer.",
        Seams(key=_digits_are_numbers),
    ),
    Defect(
        "numbers-are-floats",
        "matching.types",
        "Integers are compared as doubles.",
        Seams(key=_numbers_are_floats),
    ),
    Defect(
        "leading-zeros-lost",
        "matching.types",
        "Leading zeros of a string are lost.",
        Seams(key=_leading_zeros_lost),
    ),
    Defect(
        "values-unescaped-twice",
        "matching.whole-value",
        "Character references within values are resolved once more.",
        Seams(key=_unescaped_twice),
    ),
    Defect(
        "values-percent-decoded",
        "matching.whole-value",
        "Values are decoded as those of a form are.",
        Seams(key=_percent_decoded),
    ),
    Defect(
        "spaces-collapsed",
        "matching.whole-value",
        "Several spaces within a value count as one.",
        Seams(key=_spaces_collapsed),
    ),
    Defect(
        "values-found-by-a-line",
        "matching.whole-value",
        "A value of two lines finds whom its second line belongs to.",
        Seams(key=_last_line),
    ),
    Defect(
        "texts-that-begin-as-numbers",
        "matching.whole-value",
        "A text that begins with the digits of an integer finds whom that belongs to.",
        Seams(key=_number_it_begins_with),
    ),
    Defect(
        "four-byte-characters-alike",
        "matching.whole-value",
        "All characters of four bytes are one.",
        Seams(key=_four_bytes_alike),
    ),
    Defect(
        "accents-ignored",
        "matching.whole-value",
        "Letters are compared without their accents.",
        Seams(key=_without_accents),
    ),
    Defect(
        "punctuation-alike",
        "matching.whole-value",
        "Apostrophes, plus signs and ampersands of addresses are one.",
        Seams(key=_punctuation_alike),
    ),
    Defect(
        "hyphens-dropped",
        "matching.whole-value",
        "Texts of custom fields are compared without their hyphens.",
        Seams(key=_hyphens_dropped),
    ),
    Defect(
        "dots-of-emails-dropped",
        "matching.whole-value",
        "Dots before the @ of an e-mail are passed over, as by some mail services.",
        Seams(key=_without_dots),
    ),
    Defect(
        "tags-of-emails-dropped",
        "matching.whole-value",
        "Of an e-mail what stands from a plus sign to the @ is passed over.",
        Seams(key=_without_tag),
    ),
    Defect(
        "devices-in-any-case",
        "matching.whole-value",
        "A subscription_id is compared without letter case.",
        Seams(key=_devices_in_any_case),
    ),
)
