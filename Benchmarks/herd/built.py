"""The programs in C of this part, built at the run."""

import functools
import os
import subprocess

from measuring import BUILD

HERE = os.path.dirname(os.path.abspath(__file__))


@functools.cache
def built(name, *libraries):
    """Where the program of NAME.c lies."""
    os.makedirs(BUILD, exist_ok=True)
    program = f"{BUILD}/{name}"
    flags = ["-O2", "-Wall", "-Wextra", "-Werror"]
    subprocess.run(["cc", *flags, "-o", program, f"{HERE}/{name}.c", *libraries], check=True)
    return program
