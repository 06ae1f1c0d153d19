"""`python -m usage_analytics` is `usage-analytics`."""

import sys

from usage_analytics.cli import main

if __name__ == "__main__":
    sys.exit(main())
