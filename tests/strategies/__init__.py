"""Hypothesis strategies: what a request may hold. None of it finds anybody anywhere."""

from tests.strategies.requests import items, requests
from tests.strategies.values import (
    emails,
    json_objects,
    json_texts,
    json_values,
    phones,
    profile_ids,
    xml_names,
    xml_texts,
    xml_values,
)

__all__ = [
    "emails",
    "items",
    "json_objects",
    "json_texts",
    "json_values",
    "phones",
    "profile_ids",
    "requests",
    "xml_names",
    "xml_texts",
    "xml_values",
]
