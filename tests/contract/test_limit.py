"""The limit of the body (SEED: note on 10 MB, last answer example).

Where the target file gives `body_limit_bytes`, the limit is held to the byte; otherwise bodies up
to the smaller reading of 10 MB have to pass, those over the larger one do not, and where between
them the border lies is measured. What is too much stands inside the JSON or XML value, never
after it, and weighs in `content` or in items that find nobody.
"""

import pytest

from contracts.model import Format
from contracts.sizes import Recipe
from endpoint.answer import WHOLE, Upload
from endpoint.client import CHUNK_BYTES
from tests.asking import names
from tests.asking.ask import Ask
from tests.asking.cells import Formats, each_format
from tests.asking.known import Known
from tests.asking.sized import Sized

each_recipe = pytest.mark.parametrize("recipe", list(Recipe), ids=lambda recipe: recipe.value)
each_upload = pytest.mark.parametrize(
    "upload", [Upload.LENGTH, Upload.CHUNKED], ids=["length", "chunked"]
)

SMALL_CHUNK = 80
"""Bytes: the framing of such chunks comes to more than lies between the two readings of 10 MB."""

SIZES = (600, 1_460, 4_096, 8_192, 16_384, 65_535, 65_536, 65_537, 262_145, 1_048_577, 4_194_305)
"""Bytes: borders of packets, pages and buffers on the way to the limit."""


@pytest.mark.clause("limit.accepts")
@pytest.mark.parametrize("size", SIZES)
@each_upload
@each_format
def test_bodies_below_the_limit_are_served(
    sized: Sized, known: Known, fmt: Format, upload: Upload, size: int
) -> None:
    """A body of any size below the limit is served."""
    sized.finds_at_size(
        known.widest_mode,
        min(size, sized.limit.accepted),
        Recipe.ITEMS,
        Formats(fmt, fmt),
        upload=upload,
    )


@pytest.mark.slow
@pytest.mark.clause("limit.accepts", "limit.bytes")
@each_recipe
@each_format
def test_a_body_of_exactly_the_limit_is_served(
    sized: Sized, known: Known, fmt: Format, recipe: Recipe
) -> None:
    """A body of exactly the limit is served, whatever it is made of."""
    sized.finds_at_size(known.widest_mode, sized.limit.accepted, recipe, Formats(fmt, fmt))


@pytest.mark.clause("limit.accepts")
@each_format
def test_what_stands_in_the_url_does_not_count(
    ask: Ask, sized: Sized, known: Known, fmt: Format
) -> None:
    """The limit is one of the body: where a longer URL is taken at all, it makes none smaller."""
    query = f"unknown={'x' * 2_000}"
    small = ask.finds_or_is_refused(ask.valid(fmt), fmt, query=query)
    ask.needs(small.succeeded, "the target refuses a URL with an unknown parameter")

    sized.finds_at_size(
        known.widest_mode, sized.limit.accepted, Recipe.CONTENT, Formats(fmt, fmt), query=query
    )


@pytest.mark.slow
@pytest.mark.clause("limit.refuses", "limit.bytes")
@each_recipe
@each_format
def test_a_body_over_the_limit_is_refused(
    sized: Sized, known: Known, fmt: Format, recipe: Recipe
) -> None:
    """A body of one byte more is refused, whatever it is made of, with the documented answer."""
    sized.refuses_as_too_large(known.widest_mode, sized.limit.refused, recipe, fmt)


@pytest.mark.clause("limit.refuses")
@each_upload
@each_format
def test_a_complete_request_before_the_limit_is_refused(
    sized: Sized, known: Known, fmt: Format, upload: Upload
) -> None:
    """A body over the limit is refused, although all but its content stands below the limit."""
    sized.refuses_as_too_large(
        known.widest_mode,
        sized.limit.refused,
        Recipe.CONTENT,
        fmt,
        content_last=True,
        upload=upload,
    )


@pytest.mark.slow
@pytest.mark.clause("limit.accepts")
@pytest.mark.parametrize("fewer", [1, 2, 1_000])
@each_format
def test_a_body_just_below_the_limit_is_served(
    sized: Sized, known: Known, fmt: Format, fewer: int
) -> None:
    """A body a little smaller than the limit is served."""
    sized.finds_at_size(
        known.widest_mode, sized.limit.accepted - fewer, Recipe.CONTENT, Formats(fmt, fmt)
    )


@pytest.mark.slow
@pytest.mark.clause("limit.refuses", "limit.readable")
@pytest.mark.parametrize("times", [1.001, 1.2, 2.0])
@each_upload
@each_format
def test_a_much_larger_body_is_refused(
    sized: Sized, known: Known, fmt: Format, upload: Upload, times: float
) -> None:
    """However far a body is over the limit, the documented answer can be read."""
    sized.refuses_as_too_large(
        known.widest_mode, int(sized.limit.refused * times), Recipe.ITEMS, fmt, upload=upload
    )


@pytest.mark.slow
@pytest.mark.clause("limit.chunked")
@pytest.mark.parametrize("chunk", [CHUNK_BYTES, WHOLE], ids=["64 KiB each", "one chunk"])
@each_format
def test_a_chunked_body_of_the_limit_is_served(
    sized: Sized, known: Known, fmt: Format, chunk: int
) -> None:
    """Sent in chunks, too, a body of exactly the limit is served: framing does not count."""
    sized.finds_at_size(
        known.widest_mode,
        sized.limit.accepted,
        Recipe.ITEMS,
        Formats(fmt, fmt),
        upload=Upload.CHUNKED,
        sizes=(chunk,),
    )


@pytest.mark.clause("limit.chunked")
@each_format
def test_a_body_of_the_limit_in_small_chunks_is_served(
    sized: Sized, known: Known, fmt: Format
) -> None:
    """However many chunks it takes, their framing does not count towards the limit."""
    sized.finds_at_size(
        known.widest_mode,
        sized.limit.accepted,
        Recipe.CONTENT,
        Formats(fmt, fmt),
        upload=Upload.CHUNKED,
        sizes=(SMALL_CHUNK,),
    )


@pytest.mark.clause("limit.chunked")
@each_format
def test_a_chunked_body_over_the_limit_is_refused(sized: Sized, known: Known, fmt: Format) -> None:
    """Sent in chunks, too, a body of one byte more is refused."""
    sized.refuses_as_too_large(
        known.widest_mode, sized.limit.refused, Recipe.CONTENT, fmt, upload=Upload.CHUNKED
    )


@pytest.mark.clause("limit.answer", "limit.answer-format", "limit.status")
@pytest.mark.parametrize("answer", ["json", "xml", None], ids=["json", "xml", "default"])
@each_format
def test_the_over_limit_answer(
    ask: Ask, sized: Sized, known: Known, fmt: Format, answer: Format | None
) -> None:
    """Error 400, Invalid request, http: request body too large, in a format that was in play."""
    reply = sized.refuses_as_too_large(
        known.widest_mode, sized.limit.refused, Recipe.ITEMS, fmt, answer_format=answer
    )

    ask.observe(names.over_limit_status(reply), "limit.status")


@pytest.mark.clause("limit.next-request")
@each_format
def test_after_a_body_of_the_limit(ask: Ask, sized: Sized, known: Known, fmt: Format) -> None:
    """After a body of the limit, an ordinary request is served as ever."""
    sized.finds_at_size(known.widest_mode, sized.limit.accepted, Recipe.CONTENT, Formats(fmt, fmt))

    ask.finds(ask.valid(fmt), fmt)


@pytest.mark.slow
@pytest.mark.clause("limit.next-request")
@pytest.mark.parametrize("fresh", [True, False], ids=["new connection", "kept connection"])
@each_upload
@each_format
def test_after_a_body_over_the_limit(
    ask: Ask, sized: Sized, known: Known, fmt: Format, upload: Upload, *, fresh: bool
) -> None:
    """After a body over the limit, an ordinary request is served, on its connection or another."""
    mode, size = known.widest_mode, sized.limit.refused
    sized.refuses_as_too_large(
        mode, size, Recipe.CONTENT, fmt, upload=upload, fresh_connection=fresh
    )

    ask.finds(ask.valid(fmt), fmt)


@pytest.mark.clause("limit.figure")
def test_where_the_limit_lies(ask: Ask, sized: Sized, known: Known) -> None:
    """The largest body that is served, found by halving where the target file is silent."""
    ask.observe(names.limit(sized.measured(known.widest_mode)))


@pytest.mark.clause("limit.files")
def test_files_and_the_limit(ask: Ask, sized: Sized, known: Known) -> None:
    """A body that is over the limit because of a file is served or refused."""
    raised = sized.with_file_over_limit(known.widest_mode)

    ask.observe("raised" if raised else "not raised")
