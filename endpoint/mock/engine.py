"""One request from body to reply: read, checked, executed, written. No network here.

The server runs it inline for small bodies, the worker process for large ones.
"""

import gzip
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qs

from contracts.model import (
    BINARY_LIMIT,
    DECIMAL_LIMIT,
    FORMATS,
    OVER_LIMIT,
    SUCCESS_TEXT,
    Format,
)
from endpoint.mock import answers, reading_json, reading_xml
from endpoint.mock.behaviour import Behaviour
from endpoint.mock.expanding import check_extras
from endpoint.mock.model import (
    Answer,
    Call,
    Outcome,
    Refused,
    Reply,
    Request,
    Sent,
    Settings,
)
from endpoint.mock.population import Population
from endpoint.mock.reading import as_format, check_media_type, refuse
from endpoint.mock.repeats import checksum, key_of
from endpoint.mock.searching import search

NO_TOKEN: Final = (401, "API token required")
WRONG_TOKEN: Final = (403, "No access")
INVALID_REQUEST: Final = 400
KNOWN_FORMATS: Final = frozenset({None, "json", "xml"})
NO_TRIGGER: Final = "campaign not found"
LEAST_GZIP: Final = 64
"""Bytes below which gzip would make an answer larger."""


def limit_of(settings: Settings, behaviour: Behaviour) -> int:
    """The body limit in bytes: the target's figure, else one of the two readings of 10 MB."""
    if settings.limit is not None:
        return settings.limit
    return DECIMAL_LIMIT if behaviour.decimal_limit else BINARY_LIMIT


class Engine:
    """The endpoint for one behaviour."""

    def __init__(self, settings: Settings, behaviour: Behaviour) -> None:
        self.settings = settings
        self.behaviour = behaviour
        self.population = Population(settings, behaviour)

    def limit_for(self, call: Call) -> int:
        """The body limit in bytes that holds for a call."""
        limit = limit_of(self.settings, self.behaviour)
        seam = self.behaviour.seams.limit
        return seam(call, limit) if seam else limit

    def serve(self, call: Call, body: bytes) -> Outcome:
        """Answer a request whose body came whole."""
        behaviour, seams = self.behaviour, self.behaviour.seams
        fmt: Format = call.format
        sent = key = None
        try:
            check_media_type(call, behaviour)
            if seams.body:
                body = seams.body(call, body)
            read = reading_xml.read if call.format == "xml" else reading_json.read
            request = read(call, body, behaviour)
            if (
                behaviour.files_raise_limit
                and not request.attach
                and call.size > self.limit_for(call)
            ):
                raise answers.over_limit()
            if seams.request:
                request = seams.request(call, request, self.settings)
            fmt = self._answer_format(call, request)
            token = self._admitted(call, request)
            remembered = self._repeat_key(call, token, body)
            if behaviour.dedup_errors:
                key = remembered
            answer, sent = self._executed(call, request, fmt)
            key = seams.repeat(call, remembered, body) if seams.repeat else remembered
        except Refused as refused:
            fmt = refused.answer_format or fmt
            answer = self._refusal(refused, fmt)
        return Outcome(self.reply(call, answer), sent, key)

    def refuse(self, call: Call, refused: Refused) -> Outcome:
        """Answer a request that is refused before its body is read."""
        fmt = refused.answer_format or call.format
        return Outcome(self.reply(call, self._refusal(refused, fmt)))

    def _refusal(self, refused: Refused, fmt: Format) -> Answer:
        documented = refused.debug == OVER_LIMIT["error_debug"]
        own_words = self.behaviour.own_words and not documented
        text = answers.OWN_WORDS if own_words else refused.text
        error, status = refused.error, refused.status
        if documented:
            status = self.behaviour.over_limit_status
        elif error == INVALID_REQUEST:
            error = self.behaviour.refusals
        return Answer(fmt, error, text, refused.debug, status=status)

    def _answer_format(self, call: Call, request: Request) -> Format:
        """The format of the answer: the body's, or what URL or Accept say by the policy."""
        behaviour = self.behaviour
        for policy, place in (
            (behaviour.accept, _accepted),
            (behaviour.url_format, _in_url_format),
        ):
            asked = None if policy == "ignored" else place(call)
            if asked and policy == "refused":
                refuse("format stands in the body", as_format(request.answer_format))
            if asked and (
                policy == "wins" or (policy == "heeded" and request.answer_format is None)
            ):
                request.answer_format = asked
        unknown: Format = "xml" if behaviour.unknown_format == "xml" else "json"
        default: Format = "json" if request.answer_format is None else unknown
        return as_format(request.answer_format) or default

    def _admitted(self, call: Call, request: Request) -> str:
        """The token, after it was checked."""
        behaviour = self.behaviour
        token = self._given_token(call, request)
        if behaviour.seams.token:
            token = behaviour.seams.token(call, token, self.settings)
        if not token:
            raise Refused(behaviour.token_errors or NO_TOKEN[0], NO_TOKEN[1])
        if token != self.settings.token:
            raise Refused(behaviour.token_errors or WRONG_TOKEN[0], WRONG_TOKEN[1])
        return token

    def _given_token(self, call: Call, request: Request) -> str | None:
        """The token that counts, of those that stand where the policy looks for one."""
        behaviour = self.behaviour
        if not behaviour.token_in_header and not behaviour.token_in_url:
            return request.token
        places: dict[str, str | None] = {"body": request.token}
        if behaviour.token_in_header:
            scheme, _, token = call.headers.get("authorization", "").partition(" ")
            places["header"] = token if scheme.lower() == "bearer" else None
        if behaviour.token_in_url:
            places["url"] = _in_url(call, "token")
        places = {behaviour.first_place: places.get(behaviour.first_place), **places}
        given = [token for token in places.values() if token]
        right = [token for token in given if token == self.settings.token]
        wrong = [token for token in given if token != self.settings.token]
        match behaviour.tokens:
            case "first":
                return next(iter(given), request.token)
            case "any":
                return next(iter(right + wrong), None)
            case "all":
                return next(iter(wrong + right), None)

    def _executed(self, call: Call, request: Request, fmt: Format) -> tuple[Answer, Sent]:
        """Launch the campaign.

        Raises:
            Refused: a required parameter is missing, or the policy refuses the request.
        """
        behaviour = self.behaviour
        self._check(request)
        known = request.trigger_id == self.settings.trigger_id
        sends = not request.withheld and (
            behaviour.skip_triggers_sends or not request.skip_triggers
        )
        found = search(call, request, self.population) if known else []
        found = found if sends else []
        if not found and behaviour.unmatched_refused and request.items and request.items.count:
            refuse("no profile was found")
        result = None if not found and behaviour.empty == "absent" else found
        sent = Sent(_request_id(call), request.matching or "email", found)
        return Answer(fmt, 0, SUCCESS_TEXT, result=result), sent

    def _check(self, request: Request) -> None:
        behaviour = self.behaviour
        if behaviour.unknown_format == "refused" and request.answer_format not in KNOWN_FORMATS:
            refuse("unknown format")
        if request.trigger_id is None:
            refuse("trigger_id is required")
        if request.items is None:
            refuse("data is required")
        if request.plain_single and not behaviour.single_data:
            refuse("data: expected an array")
        if request.interleaved:
            refuse("data: elements stand apart")
        if not request.items.count and behaviour.empty_data == "refused":
            refuse("data is empty")
        if behaviour.most_items is not None and request.items.count > behaviour.most_items:
            refuse("data: too many items")
        if not behaviour.item_custom_data and any(request.items.columns.get("custom_data", ())):
            refuse("data: unknown key custom_data")
        if behaviour.item_extras == "refused":
            check_extras(request.items)
        if (
            request.trigger_id != self.settings.trigger_id
            and behaviour.unknown_trigger == "refused"
        ):
            refuse(NO_TRIGGER)

    def _repeat_key(self, call: Call, token: str, body: bytes) -> bytes | None:
        """What a repeat of this request is known by (facts.md, section 7)."""
        if self.behaviour.dedup == "off":
            return None
        request_id = _request_id(call, self.behaviour.dedup_ids)
        if request_id:
            return key_of(f"{len(request_id)}:{request_id}{token}".encode())
        return checksum(call, body) if self.behaviour.dedup == "checksum" else None

    def reply(self, call: Call, answer: Answer) -> Reply:
        """An answer with status and headers."""
        behaviour, seams = self.behaviour, self.behaviour.seams
        if seams.answer:
            answer = seams.answer(call, answer)
        body = answers.write(answer, behaviour)
        if seams.written:
            body = seams.written(call, answer, body)
        headers: list[tuple[str, str]] = []
        if behaviour.media_types != "none":
            headers.append(
                ("Content-Type", answers.MEDIA_TYPES[behaviour.media_types][answer.format])
            )
        if behaviour.gzip and len(body) >= LEAST_GZIP and _takes_gzip(call):
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        reply = Reply(self._status(answer), headers, body, close=behaviour.close)
        return seams.reply(call, reply) if seams.reply else reply

    def _status(self, answer: Answer) -> int:
        if answer.status is not None:
            return answer.status
        if not answer.error or self.behaviour.error_status == "200":
            return 200
        return 400 if self.behaviour.error_status == "400" else answer.error


def _request_id(call: Call, names: Sequence[str] = ("request-id", "x-request-id")) -> str:
    for name in names:
        value = call.headers.get(name)
        if value:
            return value
    return ""


def _accepted(call: Call) -> str | None:
    media_type = call.headers.get("accept", "").lower()
    return next((name for name in FORMATS if f"application/{name}" in media_type), None)


def _in_url_format(call: Call) -> str | None:
    return _in_url(call, "format")


def _in_url(call: Call, name: str) -> str | None:
    return parse_qs(call.query).get(name, [None])[0] if call.query else None


def _takes_gzip(call: Call) -> bool:
    for part in call.headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() in {"gzip", "*"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
