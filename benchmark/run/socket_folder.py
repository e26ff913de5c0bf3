"""The folder of the socket by which processes are forked, removed even where its owner was killed.

Python makes it (``pymp-*`` in the system's temporary folder) and removes it when the owner ends, which nobody
does after ``kill -9``. The server that processes are forked from outlives its owner by a moment: it can.
"""

import atexit
import multiprocessing
import multiprocessing.util
import os
import shutil
import sys

OWNER, FOLDER = "SENTIMENT_SOCKET_OWNER", "SENTIMENT_SOCKET_FOLDER"


def announce_folder() -> None:
    """In the owner, before its server starts: say where the socket will be.

    A process that Python itself has started shares the folder of its parent, which must keep it.
    """
    if multiprocessing.parent_process() is None:
        os.environ |= {OWNER: str(os.getpid()), FOLDER: multiprocessing.util.get_temp_dir()}


def remove_with_this_process() -> None:
    """In the server: remove the folder when it ends. In any other process nothing happens.

    Others that the owner has started inherit its environment and may import what the server does.
    """
    server = any("multiprocessing.forkserver" in word for word in sys.orig_argv)
    if server and os.environ.get(OWNER) == str(os.getppid()):
        atexit.register(shutil.rmtree, os.environ[FOLDER], ignore_errors=True)
