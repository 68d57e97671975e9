"""Serve the site: gunicorn, or where there is none (Windows) the standard library's server."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIServer, make_server

from otdacha.site.programme.what_if.running import answering

THREADS = 4
"""Requests that one process answers at once: they wait for the database, not for a processor."""


def serve(host: str, port: int, workers: int) -> None:
    """Answer on `host`:`port` until the process is told to stop. Django is started already.

    Beside it runs the process that answers what people ask of a plan.
    """
    with answering():
        if sys.platform == "win32":
            _simple(host, port)
        else:
            _gunicorn(host, port, workers)


def _gunicorn(host: str, port: int, workers: int) -> None:
    from gunicorn.app.base import BaseApplication

    settings: Mapping[str, Any] = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "preload_app": True,
        "keepalive": 5,
        "timeout": 60,
        "loglevel": "warning",
    }

    class Site(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from django.db import connections

            from otdacha.site.wsgi import application

            # a connection that was opened before the fork may not be shared by the processes
            connections.close_all()
            return application

    Site().run()


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def _simple(host: str, port: int) -> None:
    from otdacha.site.wsgi import application

    with make_server(host, port, application, server_class=_Threaded) as server:
        server.serve_forever()
