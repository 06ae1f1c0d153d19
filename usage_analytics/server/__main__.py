"""`python -m usage_analytics.server`: the dashboard on this machine."""

from __future__ import annotations

from usage_analytics.server import run

run()
