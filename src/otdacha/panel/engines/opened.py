from contextlib import contextmanager
@contextmanager
def opened(workspace):
    yield
