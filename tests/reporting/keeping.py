"""Keeps a breach that a test met: as a folder that `python -m tests.repeat` can send again."""

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from contracts.matching import MODES
from endpoint.answer import Answer, Call
from endpoint.curl import Masked, context_of, filled, masked
from tests.asking.ask import Ask
from tests.asking.question import Question
from tests.diagnosis import described
from tests.reporting import saved, showing
from tests.reporting.environment import Environment
from tests.reporting.saved import (
    ANSWER,
    BODY,
    FORMAT,
    PARAMS,
    Saved,
    SavedAnswer,
    SavedCall,
    SavedQuestion,
    SavedTarget,
    Text,
)
from tests.reporting.verdicts import Breach

FOLDER: Final = "breaches"
"""Where they are kept, below the folder of the reports."""

MOST_OF_A_CLAUSE: Final = 8
"""Breaches of one clause that a process keeps; more tell nothing new."""

ANSWER_HEAD: Final = 50_000
ANSWER_TAIL: Final = 10_000
"""Characters of an answer that are kept from its beginning and from its end."""


@dataclass
class Keeping:
    """Keeps the breaches of one run.

    Attributes:
        ask: the target.
        reports: the folder of the reports.
        environment: what the run is made with.
    """

    ask: Ask
    reports: Path
    environment: Environment
    _kept: Counter[str] = field(default_factory=Counter)

    def keep(self, breach: Breach, test: str, *, is_smallest: bool) -> Path | None:
        """Write a breach's folder.

        Args:
            breach: as it is reported.
            test: that met it.
            is_smallest: whether none of its clause was told yet of a request as small.

        Returns:
            The folder; None where enough breaches of the clause are kept, or it cannot be written.
        """
        self._kept[breach.clause] += 1
        if self._kept[breach.clause] > MOST_OF_A_CLAUSE and not is_smallest:
            return None
        recipe, files = self._recipe(breach, test)
        named = msgspec.json.encode((recipe.clause, recipe.call, recipe.question, recipe.test))
        digest = sha256(named + files.get(BODY, b"")).hexdigest()[:8]
        folder = self.reports / FOLDER / f"{breach.clause}-{digest}"
        try:
            saved.write(folder, recipe, files)
        except OSError:
            # The breach is told all the same, with its curl line; half a folder is of no use.
            shutil.rmtree(folder, ignore_errors=True)
            return None
        return folder

    def _recipe(self, breach: Breach, test: str) -> tuple[Saved, Mapping[str, bytes]]:
        ask, answer, question = self.ask, breach.answer, breach.question
        files: dict[str, bytes] = {}
        call, came, asked = None, None, None
        if answer is not None:
            call, is_exact = self._call(answer.call, files)
            came = self._answer(answer, files)
            asked = self._question(question, files) if question and is_exact else None
        target = ask.target
        return Saved(
            FORMAT,
            breach.clause,
            str(breach.symptom),
            ask.hide(breach.expected),
            ask.hide(breach.came),
            ask.hide(breach.shows),
            described.in_a_line(breach),
            test,
            ask.current,
            SavedTarget(target.name, target.base_url, target.trigger_id, target.field_name),
            call,
            asked,
            came,
            self.environment.effort,
            self.environment.seed,
            self.environment.versions or {},
        ), files

    def _call(self, call: Call, files: dict[str, bytes]) -> tuple[SavedCall, bool]:
        """The request, and whether it can be had back as it was."""
        body, body_is_exact = self._masked(call.body or b"", context_of(call))
        files[BODY] = body.data
        query, query_is_exact = self._text(call.query, "percent")
        headers: dict[str, Text | None] = {}
        are_exact = [body_is_exact, query_is_exact]
        for name, value in call.headers.items():
            headers[name], is_exact = (None, True) if value is None else self._text(value, "plain")
            are_exact.append(is_exact)
        return SavedCall(
            call.method,
            call.media_type,
            headers,
            query,
            call.path_suffix,
            str(call.upload),
            call.sizes,
            call.pause_seconds,
            call.fresh_connection,
            call.accept_encoding,
            call.expect,
            call.body is not None,
            body.spelling,
            len(call.body or b""),
        ), all(are_exact)

    def _question(self, question: Question, files: dict[str, bytes]) -> SavedQuestion | None:
        text = json.dumps(question.params, ensure_ascii=False, default=str).encode()
        params, is_exact = self._masked(text, "json")
        if not is_exact or json.loads(text) != question.params:
            return None
        files[PARAMS] = params.data
        oracle = self.ask.known.oracle
        expected = None
        if question.mode in MODES:
            expected = oracle.expected(question.mode, question.items, question.fmt)
        return SavedQuestion(
            question.fmt,
            question.demand.__name__,
            bool(question.how.get("either")),
            params.spelling,
            tuple(sorted(expected.must)) if expected else (),
            tuple(sorted(expected.may)) if expected else (),
        )

    def _answer(self, answer: Answer, files: dict[str, bytes]) -> SavedAnswer:
        text, _ = showing.excerpt(answer.body, self.ask.hide, ANSWER_HEAD, ANSWER_TAIL)
        files[ANSWER] = text.encode("utf-8", "backslashreplace")
        headers = tuple(self.ask.hide(f"{name}: {value}") for name, value in answer.headers)
        return SavedAnswer(str(answer.ending), answer.status, headers, len(answer.body))

    def _text(self, text: str, context: str) -> tuple[Text, bool]:
        kept, is_exact = self._masked(text.encode(), context)
        return Text(kept.data.decode(), kept.spelling), is_exact

    def _masked(self, data: bytes, context: str) -> tuple[Masked, bool]:
        """A text without the token, and whether it can be had back as it was.

        A wrong token that a test made of the right one is masked for good.
        """
        target = self.ask.target
        kept = masked(target, data, context)
        text = kept.data.decode("latin-1")
        hidden = self.ask.hide_near(text)
        if hidden != text:
            return Masked(hidden.encode("latin-1", "replace"), ""), False
        return kept, filled(target, kept) == data
