"""`python -m callback_conformance.matrix` is `callback-conformance matrix`."""

import sys

from . import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
