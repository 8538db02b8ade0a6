"""Where the endpoint is, and how it is called (SEED: URL-адрес, Метод)."""

import pytest

from contracts.model import Format
from tests.asking.ask import Ask
from tests.asking.cells import Formats, each_format, each_pair


@pytest.mark.clause("endpoint.post", "endpoint.url", "answer.success")
@each_pair
def test_post_launches_the_campaign(ask: Ask, formats: Formats) -> None:
    """A POST with the required parameters is answered with error 0 and the profiles found."""
    ask.finds(ask.valid(formats.answer), formats.request)


@pytest.mark.clause("endpoint.post-only")
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@each_format
def test_other_methods_launch_nothing(ask: Ask, method: str, fmt: Format) -> None:
    """Sent with another method, the same body is sent to nobody."""
    ask.launches_nothing(ask.valid(fmt), fmt, method=method)


@pytest.mark.clause("endpoint.trailing-slash")
def test_trailing_slash(ask: Ask) -> None:
    """start_batch/ is served, redirected or refused."""
    answer = ask.raw(ask.valid("json"), "json", path_suffix="/")

    redirected = 300 <= (answer.status or 0) < 400
    ask.observe("redirected" if redirected else "served" if ask.is_success(answer) else "refused")
