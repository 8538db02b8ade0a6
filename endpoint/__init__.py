"""Who is asked: the target, what may be sent to it, and the client that sends."""
