"""Requests and answers to bytes and back, in JSON and XML, in any of their spellings.

Encoders are deterministic and injective; decoders are strict, bounded in bytes and depth,
and name the byte where a body breaks.

    ValueError
    ├── Unencodable     a value that the format cannot carry
    ├── NotWellFormed   bytes that are not the format, or beyond the reader's bounds
    └── Misshapen       well-formed XML that is not the documented shape
"""

from contracts.model import Format, JsonValue, Params
from contracts.wire import json, xml, xml_reader
from contracts.wire.errors import MAX_BYTES, MAX_DEPTH, Misshapen, NotWellFormed, Unencodable
from contracts.wire.spellings import PLAIN, SPELLINGS, Spelling
from contracts.wire.xml import as_text

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "PLAIN",
    "SPELLINGS",
    "Misshapen",
    "NotWellFormed",
    "Spelling",
    "Unencodable",
    "as_text",
    "decode",
    "decode_answer",
    "encode",
]


def encode(params: Params, fmt: Format, spelling: Spelling = PLAIN) -> bytes:
    """Write a request's parameters, in the order of the mapping unless the spelling says other.

    Raises:
        Unencodable: a value that the format cannot carry.
    """
    return json.encode(params, spelling) if fmt == "json" else xml.encode(params, spelling)


def decode(body: bytes, fmt: Format) -> JsonValue:
    """Read a request's body; in XML every scalar is text (`as_text`).

    Raises:
        NotWellFormed: the body is not the format, or beyond the bounds.
        Misshapen: XML that is not a mapping of parameters.
    """
    return json.decode(body) if fmt == "json" else xml_reader.decode(body)


def decode_answer(body: bytes, fmt: Format) -> JsonValue:
    """Read an answer's body; XML comes in the shape that the answer has in JSON.

    Raises:
        NotWellFormed: the body is not the format, or beyond the bounds.
        Misshapen: XML that is not an answer's shape.
    """
    return json.decode(body) if fmt == "json" else xml_reader.decode_answer(body)
