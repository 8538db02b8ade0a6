"""Load on the endpoint: profiles a second, at what latency, and whether it became worse."""
