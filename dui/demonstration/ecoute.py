"""A local counterpart on its loopback socket."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def ecouter(guichet: type[BaseHTTPRequestHandler], port: int) -> ThreadingHTTPServer:
    """Listens on 127.0.0.1 in a thread of its own; the caller closes."""
    serveur = ThreadingHTTPServer(("127.0.0.1", port), guichet)
    serveur.daemon_threads = True
    threading.Thread(
        target=serveur.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    ).start()
    return serveur
