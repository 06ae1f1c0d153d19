"""The same verbs without a browser: `usage-analytics VERB`, as cron, CI, hooks and notebooks call it.

verbs      what can be asked for, and with which words
parser     the words as they are understood
asked      the words as values: which database, which span of time
answer     how an answer is written: JSON that programs rely on, tables for people
spend, imports, archive, prices, …    one module a group of verbs, loaded when it is called
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

from usage_analytics.cli.parser import understand
from usage_analytics.errors import BadRequest, UsageError

INTERRUPTED = 130


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words ask for; 0 done, 1 something could not be read or needs attention, 2 wrong usage."""
    try:
        verb, options = understand(sys.argv[1:] if words is None else words)
        status = verb(options)
        sys.stdout.flush()
        return status
    except UsageError as problem:
        print(problem, file=sys.stderr)
        return 2 if isinstance(problem, BadRequest) else 1
    except KeyboardInterrupt:
        print("Stopped. An import that wasn't finished left nothing behind.", file=sys.stderr)
        return INTERRUPTED
    except MemoryError:
        print("There isn't enough memory for this. Close other programs and try again.", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has seen enough; Python would say so once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno not in (errno.EMFILE, errno.ENFILE, errno.ENOMEM):
            raise
        print(
            f"The system is out of a resource ({error.strerror}). Close other programs and try again.",
            file=sys.stderr,
        )
        return 1
