#!/usr/bin/env python
"""The commands of ZisNews; `./zis` runs this in the right environment."""

import sys

from zisnews.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
