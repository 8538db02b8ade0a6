"""The contract as tests, what they ask and report with, and the tests of the suite itself."""
