"""What broke in earlier runs, asked before everything else (--past-first)."""

from tests.asking.ask import Ask
from tests.repeat.past import Past


def test_a_past_breach_does_not_show(ask: Ask, past: Past) -> None:
    """The request that once broke a clause is answered as it has to be."""
    ask.demanded(past.question(ask))
