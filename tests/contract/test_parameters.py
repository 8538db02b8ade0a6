"""What a request must hold, and what its values may be (SEED: parameter table)."""

from collections.abc import Callable

import pytest

from contracts.matching import MODES
from contracts.model import Format, JsonValue
from tests.asking import names
from tests.asking.ask import Ask
from tests.asking.cells import Formats, each_format, each_mode, each_pair, each_required
from tests.asking.known import Known
from tests.asking.ways import WAYS, each_way

MOST_INTEGER = 2_147_483_647
"""What 32 bits hold."""

UNKNOWN = 2_147_483_646
"""A campaign that nobody has: a neighbouring number of a known one might be somebody's."""

UNKNOWN_TRIGGERS: dict[str, Callable[[int], int]] = {
    "unknown": lambda _: UNKNOWN,
    "another unknown": lambda _: 2_147_483_645,
    "zero": lambda _: 0,
    "with a minus": lambda known: -known,
    "its digits and more": lambda known: int(f"{known}0000000007"),
    "its digits at the end": lambda known: int(f"7000000000{known}"),
    "2^32 more": lambda known: known + 2**32,
    "2^64 more": lambda known: known + 2**64,
}
"""No campaigns that anybody would have, by the number of one that exists."""

OTHER_FIELDS: dict[str, Callable[[str], str]] = {
    "longer": lambda name: f"{name}_2",
    "with a prefix": lambda name: f"No_{name}",
    "its beginning": lambda name: name[:-1] or f"{name}0",
    "its first letter": lambda name: name[:1] if name[1:] else f"{name}1",
    "its end": lambda name: name[1:] or f"{name}2",
    "a pattern": lambda name: f"{name[0]}%",
}
"""Names of fields that nobody would have beside a known one."""

NOT_A_MODE = {
    "telepathy": "email",
    "emails": "email",
    "email_": "email",
    "e-mail": "email",
    "profile": "profile_id",
    "phone_profile": "phone",
    "push": "push_sub",
    "custom_profile": "custom",
    "custom_subs": "custom_sub",
    "sub": "email_sub",
    "constructor": "email",
    **{f"{mode}_and_more": mode for mode in MODES},
    **{f"any_{mode}": mode for mode in MODES},
}
"""Values that are no mode -> the mode whose items they come with, beside those of the default."""

NO_ARRAYS: dict[str, JsonValue] = {
    "a text": "nobody@nobody.invalid",
    "an empty text": "",
    "a number": 5,
    "true": True,
}
"""Not among them: an object, which may be taken for a single item, and null, for nothing at all."""


@pytest.mark.clause("parameters.trigger-id-required")
@each_pair
def test_no_trigger_id_is_refused(ask: Ask, formats: Formats) -> None:
    """A request without trigger_id is answered with an error."""
    ask.refuses(ask.valid(formats.answer, trigger_id=None), formats.request)


@each_required
@each_mode
@each_format
def test_what_is_required_is_so_in_each_mode(
    ask: Ask, known: Known, fmt: Format, mode: str, required: str
) -> None:
    """No mode does without the token, the campaign or the items."""
    ask.refuses(ask.batch(mode, known.some(mode), fmt, **{required: None}), fmt)


@pytest.mark.clause("parameters.trigger-id-chooses")
@each_mode
@each_format
def test_an_unknown_campaign_in_each_mode(ask: Ask, known: Known, fmt: Format, mode: str) -> None:
    """In no mode is a campaign that nobody has sent to somebody."""
    ask.finds_nobody(ask.batch(mode, known.some(mode), fmt, trigger_id=UNKNOWN), fmt)


@pytest.mark.clause("parameters.trigger-id-chooses")
@each_way
@each_format
def test_an_unknown_campaign_however_it_travels(ask: Ask, fmt: Format, way: str) -> None:
    """Chunked or not, large or small: a campaign that nobody has is sent to nobody."""
    ask.finds_nobody(ask.valid(fmt, trigger_id=UNKNOWN), fmt, **WAYS[way])


@pytest.mark.clause("parameters.trigger-id-required")
def test_a_null_trigger_id_launches_nothing(ask: Ask) -> None:
    """A trigger_id of null names no campaign."""
    ask.finds_nobody({**ask.valid("json"), "trigger_id": None}, "json", either=True)


@pytest.mark.clause("parameters.trigger-id-required")
@each_pair
def test_an_empty_trigger_id_is_none(ask: Ask, formats: Formats) -> None:
    """A trigger_id without a character in it names no campaign."""
    ask.finds_nobody(ask.valid(formats.answer, trigger_id=""), formats.request, either=True)


@pytest.mark.clause("parameters.data-required")
@each_pair
def test_no_data_is_refused(ask: Ask, formats: Formats) -> None:
    """A request without data is answered with an error."""
    ask.refuses(ask.valid(formats.answer, data=None), formats.request)


@pytest.mark.clause("parameters.data-array")
@pytest.mark.parametrize("kind", NO_ARRAYS)
def test_data_that_is_no_array_is_refused(ask: Ask, kind: str) -> None:
    """A text, a number or a boolean in the place of data is answered with an error."""
    ask.refuses({**ask.valid("json"), "data": NO_ARRAYS[kind]}, "json")


@pytest.mark.clause("parameters.trigger-id-chooses", "parameters.unknown-trigger")
@pytest.mark.parametrize("other", UNKNOWN_TRIGGERS)
@each_pair
def test_an_unknown_campaign_is_sent_to_nobody(ask: Ask, formats: Formats, other: str) -> None:
    """A trigger_id that no campaign has finds nobody."""
    trigger_id = UNKNOWN_TRIGGERS[other](ask.target.trigger_id)

    reply = ask.finds_nobody(
        ask.valid(formats.answer, trigger_id=trigger_id),
        formats.request,
        # A server may fail to read a number that its integers cannot hold, and so the whole body.
        either=trigger_id > MOST_INTEGER,
    )

    ask.observe(names.sent_to_nobody(reply), "parameters.unknown-trigger")


@pytest.mark.clause("parameters.trigger-id-chooses")
@each_pair
def test_a_number_with_letters_behind_it_is_no_campaign(ask: Ask, formats: Formats) -> None:
    """A text that only begins with the campaign's number is sent to nobody."""
    text = f"{ask.target.trigger_id}abc"

    ask.finds_nobody(ask.valid(formats.answer, trigger_id=text), formats.request, either=True)


@pytest.mark.clause("parameters.trigger-id-chooses")
@each_pair
def test_a_fraction_is_no_campaign(ask: Ask, formats: Formats) -> None:
    """A number between two is no campaign's: it is sent to nobody."""
    params = ask.valid(formats.answer, trigger_id=ask.target.trigger_id + 0.5)

    ask.finds_nobody(params, formats.request, either=True)


@pytest.mark.clause("parameters.matching-values", "parameters.unknown-matching")
@pytest.mark.parametrize("value", NOT_A_MODE)
@each_pair
def test_an_unlisted_mode_finds_nobody(
    ask: Ask, known: Known, formats: Formats, value: str
) -> None:
    """A value of matching that is none of the eleven finds nobody."""
    near = NOT_A_MODE[value]
    modes = [ask.basic_mode, *([near] if known.oracle.supports(near) else [])]
    items = [item for mode in dict.fromkeys(modes) for item in known.some(mode)]

    reply = ask.finds_nobody(
        ask.batch(near, items, formats.answer, matching=value), formats.request
    )

    ask.observe(names.sent_to_nobody(reply), "parameters.unknown-matching")


@pytest.mark.clause("parameters.matching-values")
@pytest.mark.parametrize("value", [1, True, {"mode": "email"}], ids=repr)
def test_a_mode_that_is_no_text_finds_nobody(ask: Ask, value: JsonValue) -> None:
    """What is no string is none of the eleven either, and does not stand for the default."""
    ask.finds_nobody(ask.valid("json", matching=value), "json", either=True)


@pytest.mark.clause("parameters.field-name-required")
@pytest.mark.parametrize("mode", ["custom", "custom_sub"])
@each_pair
def test_custom_without_field_name_finds_nobody(
    ask: Ask, known: Known, formats: Formats, mode: str
) -> None:
    """Matching by a custom field without its name finds nobody."""
    params = ask.batch(mode, known.some(mode), formats.answer, field_name=None)

    ask.finds_nobody(params, formats.request)


@pytest.mark.clause("parameters.field-name-chooses", "parameters.unknown-field-name")
@pytest.mark.parametrize("mode", ["custom", "custom_sub"])
@pytest.mark.parametrize("other", OTHER_FIELDS)
@each_pair
def test_another_field_name_finds_nobody(
    ask: Ask, known: Known, formats: Formats, mode: str, other: str
) -> None:
    """A value is searched in the field that field_name names, and in no other."""
    field_name = OTHER_FIELDS[other](ask.target.field_name)
    params = ask.batch(mode, known.some(mode), formats.answer, field_name=field_name)

    reply = ask.finds_nobody(params, formats.request)

    ask.observe(names.sent_to_nobody(reply), "parameters.unknown-field-name")


@pytest.mark.clause("parameters.unknown-key")
def test_unknown_key(ask: Ask) -> None:
    """An unknown top-level key is ignored, or the request is refused."""
    params: dict[str, JsonValue] = {**ask.valid("json"), "x_unknown": "1"}

    reply = ask.finds_or_is_refused(params, "json")

    ask.observe("ignored" if reply.succeeded else "refused")


@pytest.mark.clause("parameters.data-empty")
def test_empty_data(ask: Ask) -> None:
    """An empty data array finds nobody: by success, or by an error."""
    reply = ask.finds_nobody(ask.valid("json", data=[]), "json")

    ask.observe("success" if reply.succeeded else "refused")


@pytest.mark.clause("parameters.trigger-id-text")
def test_trigger_id_as_a_string(ask: Ask) -> None:
    """trigger_id as a string of digits is accepted or refused."""
    params = ask.valid("json", trigger_id=str(ask.target.trigger_id))

    reply = ask.finds_or_is_refused(params, "json")

    ask.observe(names.accepted(reply))


@pytest.mark.clause("parameters.id-alias")
def test_id_for_trigger_id(ask: Ask) -> None:
    """The key id, as siblings call it, stands for trigger_id, or the request is refused."""
    params = {**ask.valid("json", trigger_id=None), "id": ask.target.trigger_id}

    reply = ask.finds_at_most_or_is_refused(params, "json")

    ask.observe(names.taken(reply))
