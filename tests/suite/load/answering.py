"""A server with an address of its own, where the embedded mock keeps to loopback.

    python -m tests.suite.load.answering HOST

prints its port, answers each request rightly and at once, and prints how many it was sent when its
standard input ends.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread

from tests.suite.load.loads import RIGHT


def main(host: str) -> None:
    """Serve until standard input ends."""
    numbers = count()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            next(numbers)
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(RIGHT) + RIGHT)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((host, 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    print(next(numbers), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
