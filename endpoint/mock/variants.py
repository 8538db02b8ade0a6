"""The variants: other ways to keep the documentation. None of them may fail a check.

A variant sets policy fields (behaviour.py); several can be combined, the later one wins
where two set the same field.
"""

from collections.abc import Mapping
from typing import Final

from endpoint.mock.variant import Variant
from endpoint.mock.variant import variant as _variant
from endpoint.mock.variants_open import OPEN

_ACCESS: Final = (
    _variant(
        "token-in-header", "The token may come as Authorization: Bearer.", token_in_header=True
    ),
    _variant("token-in-url", "The token may come in the URL.", token_in_url=True),
)

_READING: Final = (
    _variant("strict-keys", "Unknown top-level keys are refused.", strict_keys=True),
    _variant("lenient-numbers", "A string of digits serves as trigger_id.", lenient_numbers=True),
    _variant(
        "single-data-refused",
        "One <data> without array='true' is no array and is refused.",
        single_data=False,
    ),
    _variant(
        "interleaved-refused",
        "<data> elements that stand apart are refused.",
        interleaved_data=False,
    ),
    _variant(
        "xml-objects-as-text",
        "content and custom_data in XML are JSON text; nested elements are refused.",
        xml_objects="text",
    ),
    _variant(
        "xml-objects-as-elements",
        "content and custom_data in XML are nested elements; JSON text is refused.",
        xml_objects="elements",
    ),
    _variant(
        "trailing-ignored",
        "What follows the JSON value is not looked at, as by Go's Decoder.",
        trailing=True,
    ),
    _variant(
        "long-numbers-refused",
        "Integers beyond 64 bits are refused in JSON: RFC 8259, 6, lets a parser limit them.",
        long_numbers=False,
    ),
    _variant("bom", "A JSON body may begin with a byte order mark.", bom=True),
    _variant(
        "text-xml-refused", "text/xml is refused: the page says application/xml.", text_xml=False
    ),
    _variant("charset-refused", "A media type with parameters is refused.", charset=False),
    _variant("any-base64", "The data of a File object is not looked at.", base64="any"),
    _variant(
        "files-raise-limit",
        "A body with files in attach may have up to 100 MB.",
        files_raise_limit=True,
    ),
    _variant(
        "decimal-limit",
        "The limit is 10,000,000 bytes, where the target gives no figure.",
        decimal_limit=True,
    ),
)

_EXECUTING: Final = (
    _variant(
        "unknown-trigger-nobody",
        "An unknown trigger_id is a success that reaches nobody.",
        unknown_trigger="nobody",
    ),
    _variant(
        "unknown-matching-nobody",
        "An unknown matching is a success that finds nobody.",
        unknown_matching="nobody",
    ),
    _variant(
        "unknown-field-nobody",
        "An unknown field_name is a success that finds nobody.",
        unknown_field_name="nobody",
    ),
    _variant(
        "unknown-format-refused", "An unknown format is refused, in JSON.", unknown_format="refused"
    ),
    _variant("10000-items-at-most", "More than 10,000 items are refused.", most_items=10_000),
    _variant("empty-data-refused", "An empty data array is refused.", empty_data="refused"),
    _variant(
        "odd-items-refused", "An item without the mode's key is refused.", odd_items="refused"
    ),
    _variant(
        "item-custom-data-refused", "custom_data within an item is refused.", item_custom_data=False
    ),
    _variant("push-provider-at-top", "provider may stand at the top.", push_at_top=True),
    _variant("field-name-in-item", "field_name may stand in each item.", field_name_in_item=True),
    _variant(
        "skip-triggers-sends-nothing",
        "skip_triggers true sends to nobody.",
        skip_triggers_sends=False,
    ),
)

_MATCHING: Final = (
    _variant(
        "email-phone-subscriptions",
        "email_phone also searches subscriptions, as one page says.",
        open_searches=True,
    ),
    _variant(
        "conflict-email",
        "Where e-mail and phone belong to two profiles, the e-mail counts.",
        conflict="email",
    ),
    _variant(
        "conflict-phone",
        "Where e-mail and phone belong to two profiles, the phone counts.",
        conflict="phone",
    ),
    _variant(
        "conflict-nobody",
        "Where e-mail and phone belong to two profiles, nobody is found.",
        conflict="nobody",
    ),
    _variant("email-case", "E-mail addresses are found in any letter case.", email_case=True),
    _variant("phone-plus", "Phones are found with and without the plus.", phone_plus=True),
    _variant(
        "lenient-values",
        "Digits as text find an integer, and the reverse, where nothing tells them apart.",
        lenient_values=True,
    ),
)

_ANSWERING: Final = (
    _variant("result-reversed", "result is in the reverse order of data.", order="reversed"),
    _variant("result-sorted", "result is sorted by identifier.", order="sorted"),
    _variant(
        "ids-repeated", "An id stands in result once for each item that found it.", repeats=True
    ),
    _variant("empty-null", "An empty result is null.", empty="null"),
    _variant("empty-absent", "An empty result is no key at all.", empty="absent"),
    _variant("empty-element", "An empty result is <result/> in XML.", empty_element=True),
    _variant(
        "unmatched-refused",
        "A request of which no item finds anybody is answered with an error.",
        unmatched_refused=True,
    ),
    _variant("status-own", "An error's HTTP status is its own number.", error_status="own"),
    _variant("status-400", "Every error has HTTP status 400.", error_status="400"),
    _variant(
        "own-words",
        "error_text of errors is worded otherwise, with characters to escape.",
        own_words=True,
    ),
    _variant("keys-reversed", "The keys of an answer come in reverse order.", keys="reversed"),
    _variant("extra-keys", "Answers hold further keys.", extra_keys=True),
    _variant(
        "extra-item-keys", "Each profile in result holds a further key.", extra_item_keys=True
    ),
    _variant("pretty", "Answers are indented.", pretty=True),
    _variant("prolog", "XML answers begin with an XML declaration.", prolog=True),
    _variant(
        "escapes", "Texts are written with escapes in JSON and as CDATA in XML.", escapes=True
    ),
)

_TRANSPORT: Final = (
    _variant(
        "media-text", "Answers are text/json and text/xml with a charset.", media_types="text"
    ),
    _variant("media-plain", "Answers are text/plain.", media_types="plain"),
    _variant("media-none", "Answers bear no Content-Type.", media_types="none"),
    _variant(
        "terse-head", "No reason phrase, no Date, header names in lower case.", terse_head=True
    ),
    _variant("gzip", "Answers are compressed for clients that accept gzip.", gzip=True),
    _variant("chunked", "Answers are sent in chunks.", chunked=True),
    _variant("close", "Each connection serves one request, and says so.", close=True),
    _variant("pieces", "Answers leave in eight pieces.", pieces=True),
    _variant("slow", "Every answer takes 20 ms longer.", slow=0.02),
    _variant("trailing-slash", "start_batch/ is the same endpoint.", trailing_slash="served"),
    _variant(
        "limit-early",
        "A body over the limit is answered at once; the rest is read and thrown away.",
        over_limit="early",
    ),
    _variant(
        "limit-half-closed",
        "A body over the limit is answered at once, then the connection is half closed, as in Go.",
        over_limit="half-closed",
    ),
    _variant("expect-ignored", "No 100 is sent; the body is waited for.", expect="ignored"),
    _variant("expect-refused", "Expect is answered with 417.", expect="refused"),
    _variant("dedup-off", "Repeats are executed again.", dedup="off"),
    _variant("dedup-x", "Repeats are marked with X-Duplicate-Request.", dedup="x-id"),
    _variant(
        "dedup-checksum",
        "Without a request id, a repeat is known by headers and body.",
        dedup="checksum",
    ),
)

VARIANTS: Final[Mapping[str, Variant]] = {
    variant.name: variant
    for variant in (*_ACCESS, *_READING, *_EXECUTING, *_MATCHING, *_ANSWERING, *_TRANSPORT, *OPEN)
}
