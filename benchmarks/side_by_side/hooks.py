"""Schemathesis' hooks: what of this platform no OpenAPI document can say.

Loaded by Schemathesis, in its own environment, as its `hooks` setting names it.
"""

import os

import schemathesis

from benchmarks.side_by_side import answers

TOKEN = os.environ["SIDE_BY_SIDE_TOKEN"]


def after_call(context: object, case: object, response: schemathesis.Response) -> None:  # noqa: ARG001 - the hook's signature
    """Give an error the status that its number stands for, so that the checks can read it."""
    if status := answers.status(response.status_code, response.content):
        response.status_code = status


def read_xml(context: object, response: schemathesis.Response) -> object:  # noqa: ARG001 - the hook's signature
    """Read an XML answer, so that it is held against the schema as well."""
    return answers.from_xml(response.content)


def required_parameters(
    context: object,  # noqa: ARG001 - the check's signature
    response: schemathesis.Response,
    case: schemathesis.Case,
) -> None:
    """Refuse a request without token, trigger_id or data, or with another token.

    That much of `negative_data_rejection` the documentation promises.
    """
    if answers.refused(case.body, TOKEN) and response.status_code < 400:
        raise AssertionError("accepted without a required parameter, or with a wrong token")


schemathesis.hook(after_call)
schemathesis.deserializer("application/xml", "text/xml")(read_xml)
schemathesis.check(required_parameters)
