"""Values: text and structures that JSON or XML can carry, and what profiles are searched by.

A drawn address, phone or identifier belongs to nobody: top-level domain .invalid (RFC 2606),
country code 999 (not assigned), an ObjectId of the first second of 1970. What is drawn may
be sent to a live target.
"""

from collections.abc import Mapping
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contracts.model import JsonValue

_TRICKY: Final = (
    *("&", "<", ">", '"', "'", "\\", "/", "]]>", "<!--", "&amp;", "&#10;", "\\u0041", "%41", "+"),
    *(
        "\t",
        "\n",
        "\r",
        "\r\n",
        " ",
        "\x7f",
        "\x85",
        "\xa0",
        "\u2028",
        "\u200d",
        "\ufeff",
        "\ufffd",
    ),
    *("Ж", "ё", "привет", "é", "e\u0301", "ß", "İ", "€", "漢", "שלום", "😀", "👩\u200d🚀", "𝄞"),
)
"""What codecs get wrong: markup, escapes, line ends, other alphabets, four-byte characters."""

_NOT_IN_XML: Final = "".join(
    chr(code) for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)
)


def _texts(characters: SearchStrategy[str]) -> SearchStrategy[str]:
    pieces = characters | st.sampled_from(_TRICKY)
    return st.lists(pieces, max_size=12).map("".join) | st.sampled_from(("", " ", "0", "null"))


xml_texts: Final = _texts(st.characters(codec="utf-8", exclude_characters=_NOT_IN_XML))
"""Text that both formats can carry."""

json_texts: Final = _texts(st.characters(codec="utf-8"))
"""Text that JSON can carry: also control characters."""

xml_names: Final = st.from_regex(
    r"[A-Za-z_\u0416-\u044f][A-Za-z0-9_\u0416-\u044f-]{0,11}", fullmatch=True
)
"""Names of elements, among them keys that nobody foresaw."""

_numbers: Final = (
    st.integers(-3, 1000)
    | st.integers()
    | st.sampled_from((2**31, 2**53 + 1, -(2**63), 2**64, 10**40))
    | st.floats(allow_nan=False, allow_infinity=False)
)

json_values: Final[SearchStrategy[JsonValue]] = st.recursive(
    st.none() | st.booleans() | _numbers | json_texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(json_texts, inner, max_size=4),
    max_leaves=12,
)
"""Anything that JSON can carry."""

xml_values: Final[SearchStrategy[JsonValue]] = st.recursive(
    st.booleans() | _numbers | xml_texts,
    lambda inner: st.dictionaries(xml_names, inner | st.lists(inner, max_size=3), max_size=4),
    max_leaves=12,
)
"""Anything that XML can carry as one element."""


def json_objects(max_keys: int = 3) -> SearchStrategy[Mapping[str, JsonValue]]:
    """Objects for `content` and `custom_data` that any JSON software keeps apart and whole.

    RFC 8259 leaves room elsewhere: integers beyond 2^53 (section 6); and U+0000, which many
    databases refuse, is well-formed all the same. Neither is what these parameters are about.
    """
    scalars = (
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.floats(-1e300, 1e300, allow_subnormal=False)
        | xml_texts
    )
    inner = st.recursive(
        scalars,
        lambda nested: (
            st.lists(nested, max_size=3) | st.dictionaries(xml_names, nested, max_size=3)
        ),
        max_leaves=8,
    )
    return st.dictionaries(xml_names, inner, max_size=max_keys)


_words: Final = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
_atoms: Final = st.text("abcxyzABCXYZ0189!#$%&'*+-/=?^_`{|}~", min_size=1, max_size=20)

emails: Final = st.builds(
    "{}@{}.invalid".format,
    st.lists(_atoms, min_size=1, max_size=3).map(".".join) | st.just("x" * 64),
    st.lists(_words, min_size=1, max_size=3).map(".".join),
)
"""Well-formed addresses (RFC 5321: a local part of dot-separated atoms, 64 characters)."""

phones: Final = st.text("0123456789", min_size=6, max_size=12).map("+999{}".format)
"""Phones of at most 15 digits (E.164)."""

profile_ids: Final = st.text("0123456789abcdef", min_size=16, max_size=16).map("00000000{}".format)
"""Identifiers of 24 hexadecimal digits, as those of the documentation's examples."""
