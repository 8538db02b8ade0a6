"""From what the tests saw to a verdict: the ledger, the exit code, the report."""
