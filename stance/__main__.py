"""`python -m stance`."""

from __future__ import annotations

import os
import sys

from stance.cli import main

if __name__ == "__main__":
    status = main()
    for stream in filter(None, (sys.stdout, sys.stderr)):  # None where the caller closed it
        stream.flush()
    # Python takes a moment to put torch away. A kill in it would look like one amid the work, but
    # the output is there, and the same command would refuse to replace it.
    os._exit(status)
