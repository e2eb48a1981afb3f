"""pytest plugin: a throw-away PostgreSQL and Valkey for the run, shared by the xdist workers.

Loaded with `-p` and not from a conftest.py: pytest-django reads the settings before any conftest.
"""

import atexit
import os
import shutil
import tempfile

from dui import devstack


def lend(base, variable, service_class, **options):
    """Start a server and publish its address, unless the environment already names one."""
    if os.environ.get(variable):
        return
    service = service_class(base, **options).start()
    atexit.register(service.stop)
    os.environ[variable] = service.url


if "PYTEST_XDIST_WORKER" not in os.environ:  # workers inherit the controller's environment
    os.environ["DUI_ENV"] = "test"
    base = tempfile.mkdtemp(prefix="dui-test-")
    atexit.register(shutil.rmtree, base, ignore_errors=True)  # after the servers have stopped
    os.environ["DUI_VAR"] = base
    lend(base, "DATABASE_URL", devstack.Postgres, throwaway=True)
    lend(base, "REDIS_URL", devstack.Redis, durable=False)
