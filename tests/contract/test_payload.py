"""The optional parameters change nothing about who is found (SEED: parameter table; IAS)."""

from functools import reduce

import pytest
from hypothesis import example, given

from contracts.model import DECIMAL_LIMIT, Format, JsonValue
from tests.asking import names
from tests.asking.ask import Ask
from tests.asking.cells import REQUIRED, Formats, each_format, each_mode, each_pair
from tests.asking.known import Known
from tests.strategies import values

FILE = {"name": "Attach.txt", "data": "data:text/csv;base64,SEVMTE8K"}

FILES: dict[str, list[dict[str, str]]] = {
    "none": [],
    "one": [FILE],
    "two": [FILE, {"name": "b.pdf", "data": "data:application/pdf;base64,JVBERi0xLjQK"}],
    "five": [{"name": f"{n}.txt", "data": "data:text/plain;base64,QQ=="} for n in range(5)],
    "fifty": [{"name": f"{n}.txt", "data": "data:text/plain;base64,QQ=="} for n in range(50)],
    "Cyrillic name": [{"name": "Полис № 1.pdf", "data": "data:application/pdf;base64,JVBERg=="}],
    "two dots in a name": [
        {"name": "report.2026.pdf", "data": "data:application/pdf;base64,JVBERg=="}
    ],
    "no dot in a name": [{"name": "LICENSE", "data": "data:text/plain;base64,TUlU"}],
    "an image": [{"name": "dot.gif", "data": "data:image/gif;base64,R0lGODlhAQABAAAAADs="}],
    "one name twice": [FILE, FILE],
    "40,000 bytes": [
        {"name": "b.bin", "data": "data:application/octet-stream;base64," + "QUJDREVG" * 6_667}
    ],
    "plus and slash": [{"name": "x.bin", "data": "data:application/octet-stream;base64,+/+/+/8="}],
    "a megabyte": [
        {"name": "big.bin", "data": "data:application/octet-stream;base64," + "QUJD" * 262_144}
    ],
    "five megabytes": [
        {"name": f"{n}.bin", "data": "data:application/octet-stream;base64," + "QUJD" * 833_333}
        for n in range(2)
    ],
    "nearly ten megabytes": [
        {"name": "x.bin", "data": "data:application/octet-stream;base64," + "QUJD" * 2_495_000}
    ],
}

OTHER_VALUES: dict[str, JsonValue] = {
    "email": "nobody@nobody.invalid",
    "phone": "+70000000000",
    "profile_id": "0" * 24,
    "provider": "android-firebase",
    "subscription_id": "nobody",
    "field_value": "nobody",
}
"""The keys of items, as keys of something else."""

TOO_SMALL = "the target's limit of the body is smaller than these files"

OBJECTS: dict[str, dict[str, JsonValue]] = {
    "the page's content": {"H1": "Weather alert", "H2": "Welcome"},
    "the page's custom_data": {"field": "value"},
    "empty": {},
    "empty text": {"H1": ""},
    "markup": {"H1": "<b>&amp; \"quoted\" 'too'</b>", "H2": "]]>"},
    "backslashes": {"H1": "C:\\temp\\new", "H2": "\\u0041"},
    "Cyrillic": {"H1": "Погода: +5 °C", "Заголовок": "да"},
    "emoji": {"H1": "\U0001f324\ufe0f \U0001f468\u200d\U0001f469\u200d\U0001f467"},
    "line breaks": {"H1": "one\ntwo\r\nthree\tfour"},
    "a long text": {"H1": "x" * 100_000},
    "two megabytes": {"H1": "x" * 2_000_000},
    "a long name": {"Heading_of_the_letter_" * 6: "x"},
    "many keys": {f"H{n}": str(n) for n in range(300)},
    "markup that runs": {"H1": "<script>let a = 1</script><img src='x' onerror='a()'/>"},
    "signs of templates": {"H1": "100 % of %s, {{name}}, ${H2}, <%= x %>", "H2": "%d%%"},
    "addresses and comments": {"H1": "https://example.com/?a=1&b=2#c", "H2": "/* x */ // y -- z"},
    "the names of the answer": {"error": "5", "error_text": "x", "result": "y"},
    "the names of parameters": {"token": "x", "data": "y", "trigger_id": "0", "matching": "phone"},
}

JSON_ONLY: dict[str, dict[str, JsonValue]] = {
    # None beyond 64 bits: RFC 8259, 6, lets a parser limit range and precision.
    "numbers": {"H1": 1, "H2": -2.5, "H3": 9_007_199_254_740_993},
    "long numbers": {"H1": 1_234_567_890_123_456_789, "H2": 0.123456789012345678, "H3": 1e-7},
    "a negative zero": {"H1": -0.0},
    "booleans": {"H1": True, "H2": False},
    "nested object": {"H1": {"a": {"b": "c"}}},
    "nested array": {"H1": ["a", "b", {"c": 1}]},
    "null": {"H1": None},
    "sixty levels": reduce(lambda inside, _: {"H1": inside}, range(59), {"H1": "x"}),
    "names with dots and dollars": {"a.b": "x", "$set": "y", "c[0]": "z"},
    "rare control characters": {"H1": "a\bb\fc\u0001"},
    "an empty name": {"": "x"},
    "numbers as names": {"0": "x", "1": "y"},
    "names that objects have": {"__proto__": "x", "constructor": "y", "toString": "z", "length": 1},
}
"""Values of a JSON object whose XML form nothing tells."""

NOT_IN_XML = {
    "null",
    "names with dots and dollars",
    "an empty name",
    "numbers as names",
    "rare control characters",
}
"""Those that XML has no way to write."""


@pytest.mark.clause("payload.content")
@pytest.mark.parametrize("kind", [*OBJECTS, *JSON_ONLY])
def test_content(ask: Ask, kind: str) -> None:
    """content, any JSON object, changes nothing about who is found."""
    content = {**OBJECTS, **JSON_ONLY}[kind]

    ask.finds(ask.valid("json", content=content), "json")


@pytest.mark.clause("payload.custom-data")
@pytest.mark.parametrize("kind", [*OBJECTS, *JSON_ONLY])
def test_custom_data(ask: Ask, kind: str) -> None:
    """custom_data, any JSON object, changes nothing about who is found."""
    custom_data = {**OBJECTS, **JSON_ONLY}[kind]

    ask.finds(ask.valid("json", custom_data=custom_data), "json")


@pytest.mark.clause("payload.xml-objects")
@pytest.mark.parametrize("parameter", ["content", "custom_data"])
@pytest.mark.parametrize("kind", [kind for kind in OBJECTS if kind != "Cyrillic"])
def test_objects_in_xml(ask: Ask, parameter: str, kind: str) -> None:
    """Content and custom_data are accepted in XML: as elements, or as JSON text."""
    ask.finds(ask.valid("xml", **{parameter: ask.object_for("xml", OBJECTS[kind])}), "xml")


@pytest.mark.clause("payload.xml-values")
@pytest.mark.parametrize("parameter", ["content", "custom_data"])
@pytest.mark.parametrize("kind", [kind for kind in JSON_ONLY if kind not in NOT_IN_XML])
def test_values_of_other_types_in_xml(ask: Ask, parameter: str, kind: str) -> None:
    """Numbers, booleans, objects and arrays within content are taken in XML or refused."""
    params = ask.valid("xml", **{parameter: ask.object_for("xml", JSON_ONLY[kind])})

    reply = ask.finds_at_most_or_is_refused(params, "xml")

    ask.observe(names.taken(reply))


@pytest.mark.clause("payload.content", "payload.custom-data")
@pytest.mark.parametrize("parameter", ["content", "custom_data"])
@each_format
def test_names_of_parameters_inside_set_none(
    ask: Ask, known: Known, fmt: Format, parameter: str
) -> None:
    """Keys of content and custom_data set no parameter that the request leaves out."""
    other = "xml" if fmt == "json" else "json"
    inside = {"matching": "profile_id", "format": other, "field_name": "x", "skip_triggers": "true"}
    params = ask.batch("email", known.some("email"), matching=None)

    ask.finds({**params, parameter: ask.object_for(fmt, inside)}, fmt)


@pytest.mark.clause("payload.content", "payload.custom-data")
@pytest.mark.parametrize("parameter", ["content", "custom_data"])
@pytest.mark.parametrize("required", REQUIRED)
@each_format
def test_what_is_required_is_not_taken_from_inside(
    ask: Ask, fmt: Format, required: str, parameter: str
) -> None:
    """A required parameter that only content or custom_data holds is one that is missing."""
    ask.about(REQUIRED[required])
    inside = {required: ask.valid(fmt)[required]}
    lacking = ask.valid(fmt, **{required: None, parameter: ask.object_for(fmt, inside)})

    ask.refuses(lacking, fmt)


@pytest.mark.clause("payload.content", "payload.custom-data")
@pytest.mark.parametrize("parameter", ["content", "custom_data"])
@each_format
def test_items_inside_are_not_found(ask: Ask, known: Known, fmt: Format, parameter: str) -> None:
    """What content and custom_data hold under the name data is no item of the batch."""
    mode = known.widest_mode
    asked, other = known.two(mode)
    inside: dict[str, JsonValue] = {"data": dict(other.item)}
    params = ask.batch(mode, [asked.item], fmt, **{parameter: ask.object_for(fmt, inside)})

    ask.about(f"payload.{parameter.replace('_', '-')}")
    if fmt == "json":
        ask.finds(params, fmt)
    else:
        # How an object within an object is written in XML no page says.
        ask.finds_or_is_refused(params, fmt)


@pytest.mark.clause("payload.content", "payload.custom-data")
@pytest.mark.parametrize("parameter", ["content", "custom_data"])
@each_mode
@each_format
def test_keys_of_items_inside_are_not_found(
    ask: Ask, known: Known, fmt: Format, mode: str, parameter: str
) -> None:
    """What content and custom_data hold under the keys of the mode's items is no item."""
    asked, other = known.two(mode)
    inside = {key: str(value) for key, value in other.item.items()}
    params = ask.batch(mode, [asked.item], fmt, **{parameter: ask.object_for(fmt, inside)})

    ask.about(f"payload.{parameter.replace('_', '-')}")
    ask.finds(params, fmt)


@pytest.mark.clause("payload.content", "payload.custom-data")
@each_mode
@given(content=values.json_objects(), custom_data=values.json_objects())
@example(content={}, custom_data={})
def test_any_object(
    ask: Ask,
    known: Known,
    mode: str,
    content: dict[str, JsonValue],
    custom_data: dict[str, JsonValue],
) -> None:
    """Whatever content and custom_data hold, the same profiles are found."""
    params = ask.batch(mode, known.several(mode), "json", content=content, custom_data=custom_data)

    ask.finds(params, "json")


@pytest.mark.clause("payload.attach")
@pytest.mark.parametrize("files", FILES)
def test_attach(ask: Ask, files: str) -> None:
    """attach, an array of File objects, changes nothing about who is found."""
    ask.needs(_fits(ask, FILES[files]), TOO_SMALL)
    ask.finds(ask.valid("json", attach=FILES[files]), "json")


@pytest.mark.clause("payload.xml-attach")
@pytest.mark.parametrize("files", FILES)
def test_attach_in_xml(ask: Ask, files: str) -> None:
    """Attach is accepted in XML, as elements or as JSON text, and changes nothing."""
    ask.needs(_fits(ask, FILES[files]), TOO_SMALL)
    ask.finds(ask.valid("xml", attach=ask.placement.xml_files(FILES[files])), "xml")


@pytest.mark.clause("payload.xml-attach")
@each_mode
def test_attach_in_xml_in_each_mode(ask: Ask, known: Known, mode: str) -> None:
    """Whatever finds the profiles, files change nothing; in JSON `everything optional` says so."""
    files = ask.placement.xml_files([FILE])

    ask.finds(ask.batch(mode, known.several(mode), "xml", attach=files), "xml")


@pytest.mark.clause("payload.skip-triggers")
@each_pair
def test_skip_triggers_false(ask: Ask, formats: Formats) -> None:
    """skip_triggers false, as in the page's examples, changes nothing."""
    ask.finds(ask.valid(formats.answer, skip_triggers=False), formats.request)


@pytest.mark.clause("payload.skip-triggers", "payload.skip-triggers-effect")
@each_pair
def test_skip_triggers_true(ask: Ask, formats: Formats) -> None:
    """skip_triggers true is accepted; whether it keeps the campaign from being sent is open."""
    reply = ask.finds_at_most(ask.valid(formats.answer, skip_triggers=True), formats.request)

    effect = "nothing" if reply.ids else "nobody is sent to"
    ask.observe(effect, "payload.skip-triggers-effect")


@pytest.mark.clause("payload.skip-triggers")
@each_mode
@each_format
def test_skip_triggers_true_in_each_mode(ask: Ask, known: Known, mode: str, fmt: Format) -> None:
    """skip_triggers true is accepted in each mode, and finds nobody else."""
    ask.finds_at_most(ask.batch(mode, known.several(mode), fmt, skip_triggers=True), fmt)


@pytest.mark.clause("payload.optional")
@each_mode
@each_pair
def test_nothing_optional(ask: Ask, known: Known, mode: str, formats: Formats) -> None:
    """Without any optional parameter but those that the mode needs, all are found."""
    ask.finds(ask.batch(mode, known.several(mode), formats.answer), formats.request)


@pytest.mark.clause("payload.optional")
@each_mode
@each_format
def test_everything_optional(ask: Ask, known: Known, mode: str, fmt: Format) -> None:
    """With all optional parameters at once, the same profiles are found."""
    everything: dict[str, JsonValue] = {
        "skip_triggers": False,
        "content": ask.object_for(fmt, {"H1": "Weather alert", "H2": "Welcome"}),
        "custom_data": ask.object_for(fmt, {"field": "value", **OTHER_VALUES}),
        **({"attach": [FILE]} if fmt == "json" else {}),
    }

    ask.finds(ask.batch(mode, known.several(mode), fmt, **everything), fmt)


@pytest.mark.clause("payload.optional")
@each_pair
def test_field_name_beside_a_mode_without_one(ask: Ask, formats: Formats) -> None:
    """A field_name that the mode does not need is passed over, or refused as unknown."""
    params = ask.valid(formats.answer, field_name=ask.target.field_name)

    ask.finds_or_is_refused(params, formats.request)


def _fits(ask: Ask, files: list[dict[str, str]]) -> bool:
    """Whether a request with these files stays below the limit of the body."""
    size = sum(len(file["data"]) for file in files)
    return size + 10_000 < (ask.target.body_limit_bytes or DECIMAL_LIMIT)
