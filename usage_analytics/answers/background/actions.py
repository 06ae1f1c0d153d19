"""What stops a drain: the place or the command, by the app that makes the calls and by what kind of drain it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from usage_analytics.answers.background.calls import Source
    from usage_analytics.answers.background.flags import Kind

CONSOLE: Final = "platform.claude.com › Settings › API keys: disable the key that {app} uses"
WORKSPACE: Final = ". Set a limit for a new key under Settings › Workspaces › Limits"

_SESSION: Final[dict[Kind, str]] = {
    "overnight_run": "Open the session with “claude --resume” and press Esc, then end what's still running with /tasks",
    "fan_out": "In the session, press Esc and end the subagents with /tasks; next time, ask for fewer at once",
    "scheduled_loop": (
        "In the session, end the loop with /tasks (it was made with /loop, ScheduleWakeup or CronCreate); if it starts again, look for it"
        " with “crontab -l”, or “launchctl list” on a Mac"
    ),
    "no_op_polling": (
        "In the session, end the loop with /tasks, or close the session. Make it wait longer, or wake it only when there's work"
    ),
    "retry_loop": "In the session, press Esc, and fix or turn off (/mcp, /hooks) what fails",
    "slow_leak": "List what's running with “ps aux | grep claude”, end what you don't recognize, and start long sessions fresh with /clear",
    "new_integration": "List what's running with “ps aux | grep claude” and end what you don't recognize",
}
_PRINT: Final[dict[Kind, str]] = {
    "retry_loop": (
        "Stop the script that calls “claude -p”: “crontab -l” and “ps aux | grep 'claude -p'” show it. Make it give up after a few tries"
    ),
    "no_op_polling": "Stop the script that calls “claude -p”: “crontab -l” shows it. Make it check for work before it calls Claude",
}
_PRINT_OTHERWISE: Final = (
    "Look for the line that runs “claude -p” in “crontab -l” (on a Mac also “launchctl list”, on Linux “systemctl --user list-timers”)"
    " and remove it; “ps aux | grep 'claude -p'” shows what's running, and “kill” with its number ends it"
)
_SDK: Final = (
    "Stop the program that uses the Agent SDK{where}: “ps aux | grep -i claude” shows it. Then set maxTurns and a budget in it"
)
_PATIENT: Final[dict[Kind, str]] = {
    "retry_loop": " and make it give up after a few tries",
    "no_op_polling": " and make it check for work before it calls Claude",
}
_BY_NAME: Final[tuple[tuple[str, str], ...]] = (
    ("claude code github action", "GitHub › Actions: cancel the run and disable the workflow"),
    ("github action", "GitHub › Actions: cancel the run and disable the workflow"),
    ("routine", "claude.ai/code/routines: pause or delete the routine"),
    ("claude code on the web", "claude.ai/code: open the session and stop it"),
    ("cowork", "Cowork › Scheduled: pause the task; stop the running session"),
    ("claude in slack", "Slack › Apps › Claude: remove it from the channel; stop the running session at claude.ai/code"),
    (
        "claude.ai",
        "claude.ai: stop the answer in the open chat; check Settings › Connectors and scheduled tasks",
    ),
    ("claude desktop", "Claude Desktop: stop the running session; check Settings › Connectors"),
    (
        "cursor",
        "cursor.com › Dashboard › Cloud Agents: stop the agent; turn off Automations and Bugbot in the same place",
    ),
    ("fazm", "Fazm › Routines: turn the routine off; quit Fazm to end what's running"),
)


def what_to_do(kind: Kind, source: Source) -> str:
    """One sentence: where it is stopped."""
    app, project = source.app.lower(), source.project
    if named := next((words for name, words in _BY_NAME if name in app), None):
        place = named
    elif app.startswith("claude code") and not source.is_program:
        place = _SESSION[kind].replace("the session", f"the session of {project}" if project else "the session", 1)
    elif app == "claude -p" or app.startswith("claude code"):
        place = f"{_PRINT.get(kind, _PRINT_OTHERWISE)}{f' (in {project})' if project else ''}"
    elif "sdk" in app:
        place = _SDK.format(where=f" in {project}" if project else "") + _PATIENT.get(kind, "")
    else:
        done = {
            "scheduled_loop": f"Remove {source.app} from its schedule",
            "new_integration": f"Turn {source.app} off until you know what it does",
        }.get(kind, f"Stop {source.app}{_PATIENT.get(kind, '')}")
        place = f"{done}; or {CONSOLE.format(app=source.app)}{WORKSPACE}"
    return f"{place}. If you want this run, mark it as expected."
