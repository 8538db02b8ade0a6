"""How the contract tests ask: what to expect, one request out, one judged answer back."""
