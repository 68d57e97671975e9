"""What holds for every test."""

import os
import sys

# The programs that tests start by the dozen keep what they compiled, also where the machine says
# PYTHONDONTWRITEBYTECODE: each of them would compile all that it imports anew, for seconds.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
