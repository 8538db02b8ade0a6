"""What the endpoint promises: data and pure functions, no network, no pytest."""
