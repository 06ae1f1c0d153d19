"""An account's own data, as JSON that a person pasted or saved: usage, prepaid credits, grants, spend limit, bundles.

We recognize each document by its keys (old and new ones), whether it is alone, in a list, or a value in an object that may say when it was
seen (`seen_at`). Amounts are in minor units of the account's currency; -1 means none. A grant of credits, and a part of a balance, may
say when it expires. IDs and names in it are not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from usage_analytics.errors import UnreadableFile
from usage_analytics.events import BALANCE
from usage_analytics.importers.sink import Head, Opened, Sink

name: Final = "account_json"
label: Final = "account balance and limits (JSON)"

LARGEST_BYTES: Final = 1 << 20
MOMENTS: Final = (
    "seen_at",
    "captured_at",
    "fetched_at",
    "retrieved_at",
    "recorded_at",
    "saved_at",
    "as_of",
    "timestamp",
    "time",
    "ts",
)
TRANCHES: Final = ("tranches", "promo_tranches")
NONE: Final = -1
_NO_MINOR_UNIT: Final = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())
_NANO_DIGITS: Final = 9
_DEEPEST: Final = 3
_MOST_MINOR_UNITS: Final = 10**9  # ten million dollars; a thousand million of what has no cents
_MOST: Final = 1_000_000  # of months or digits: far beyond what can be

Document = Mapping[str, Any]
Row = dict[str, object]


def claims(head: Head) -> bool:
    """A small JSON document in which an account speaks of its usage, credits, limits or bundles."""
    if head.start.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        return any(True for _ in _documents(_decoded(head.start)))
    except UnreadableFile:
        return False


def read(opened: Opened, sink: Sink) -> None:
    """Hand every document of the file to the sink. Raises UnreadableFile."""
    if opened.path.stat().st_size > LARGEST_BYTES:
        raise UnreadableFile(f"{opened.name} is too large for account data. Paste one document at a time.")
    content = opened.path.read_bytes()
    documents = list(_documents(_decoded(content)))
    rows: list[Row] = []
    for kind, document, moment in documents:
        found = {column: value for column, value in _READERS[kind](document).items() if value is not None}
        dated: Row = {"seen_at": moment or opened.dated, "dated_by": "document" if moment else opened.dated_by}
        rows.append({"document": kind} | dated | found)
    lines = max(len(content.splitlines()), 1)
    sink.lines(lines, other=lines)  # none of them is a call
    sink.add("balance_seen", {column: [row.get(column) for row in rows] for column in BALANCE if column != "import_no"})


def _decoded(content: bytes) -> Any:
    """Return the document, or the list of documents if there is one per line."""
    text = content.removeprefix(b"\xef\xbb\xbf")
    for decode in (msgspec.json.decode, msgspec.json.Decoder().decode_lines):
        try:
            return decode(text)
        except (msgspec.MsgspecError, RecursionError, ValueError):
            continue
    raise UnreadableFile("The text isn't valid JSON. Copy the whole document.")


def _documents(value: object, moment: datetime | None = None, depth: int = 0) -> Iterator[tuple[str, Document, datetime | None]]:
    """Yield the documents in a JSON value, each with its kind and the time that it or its container gives."""
    if isinstance(value, list):
        for one in value:
            yield from _documents(one, moment, depth + 1) if depth < _DEEPEST else ()
    if not isinstance(value, dict) or depth > _DEEPEST or "rate_limit_info" in value:  # which a run printed on its way
        return
    own = next((found for key in MOMENTS if (found := _moment(value.get(key)))), moment)
    keys = value.keys()
    bundles = _objects(value.get("bundles"))
    if "monthly_credit_limit" in keys and "used_credits" in keys:
        yield "spend_limit", value, own
    elif "amount_minor_units" in keys and keys & {"granted", "eligible"}:
        yield "grant", value, own
    elif isinstance(value.get("auto_reload_settings"), dict) or (
        "amount" in keys
        and keys & {"balance", "last_paid_purchase_cents", "pending_invoice_amount_cents", "auto_reload_settings", *TRANCHES}
    ):
        yield "prepaid", value, own
    elif ("five_hour" in keys and keys & {"seven_day", "extra_usage", "limits"}) or (
        keys & {"spend", "extra_usage"} and any("percent" in one or "utilization" in one for one in _objects(value.get("limits")))
    ):
        yield "usage", value, own
    elif "bundle_monthly_cap_minor_units" in keys or any("credit_minor_units" in one for one in bundles):
        yield "bundles", value, own
    else:
        for one in value.values():
            yield from _documents(one, own, depth + 1)


def _usage(document: Document) -> Row:
    extra, spend = _object(document.get("extra_usage")), _object(document.get("spend"))
    limit, used = _object(spend.get("limit")), _object(spend.get("used"))
    currency = _currency(used) or _currency(extra) or _currency(limit)
    places = extra.get("decimal_places")
    stated = extra.get("monthly_limit", NONE if "monthly_limit" in extra else None)
    session, weekly = _window(document, "five_hour", "session"), _window(document, "seven_day", "weekly_all")
    spent = _money(used)
    return {
        "currency": currency,
        "used_nanos": spent if spent is not None else _nanos(extra.get("used_credits"), currency, places),
        "monthly_limit_nanos": _nanos(stated, currency, places) if stated is not None else _money(limit),
        "has_monthly_limit": _has_limit(extra, "monthly_limit") if extra else True if _money(limit) is not None else None,
        "credits_enabled": _truth(extra.get("is_enabled")),
        "out_of_credits": True if extra.get("disabled_reason") == "out_of_credits" else None,
        "session_percent": session[0],
        "session_resets_at": session[1],
        "weekly_percent": weekly[0],
        "weekly_resets_at": weekly[1],
    }


def _prepaid(document: Document) -> Row:
    money = _object(_object(document.get("balance")).get("money"))
    reload = _object(document.get("auto_reload_settings"))
    currency = _currency(money) or _currency(document)
    places = money.get("exponent")
    balance = next(
        (
            amount
            for one in (money, _object(_object(document.get("balance")).get("credits")))
            if (amount := _money(one, currency)) is not None
        ),
        None,
    )
    threshold = _nanos(_first(reload, "threshold_in_minor_units", "threshold_cents"), currency, places)
    reload_to = _nanos(_first(reload, "reload_to_in_minor_units", "reload_to_cents"), currency, places)
    bought = _nanos(reload.get("reload_amount"), currency, places)  # the oldest name: what a reload adds
    if reload_to is None and bought is not None and threshold is not None:
        reload_to = threshold + bought
    return {
        "currency": currency,
        "balance_nanos": balance if balance is not None else _nanos(document.get("amount"), currency, places),
        "reload_enabled": _truth(reload.get("enabled")),
        "threshold_nanos": threshold,
        "reload_to_nanos": reload_to,
        "last_purchase_nanos": _nanos(document.get("last_paid_purchase_cents"), currency, places),
        "expiry_months": _whole(document.get("expiry_policy_months")),
        **_expiring(document, currency),
    }


def _expiring(document: Document, currency: str | None) -> Row:
    """Return the part of the balance that expires first, and when."""
    parts = [part for name in TRANCHES for part in _objects(document.get(name))]
    left: dict[datetime, list[int]] = {}
    for part in parts:
        at, amount = (
            _moment(part.get("expires_at")),
            _nanos(part.get("remaining_amount_minor_units"), _currency(part) or currency),
        )
        stated = _money(_object(_object(part.get("remaining")).get("money")))
        if at and (amount or stated):
            left.setdefault(at, []).append(amount or stated or 0)
    if left:
        return {"expiring_nanos": sum(left[min(left)]), "expires_at": min(left)}
    return {"expires_at": _moment(document.get("next_expires_at"))}


def _grant(document: Document) -> Row:
    """Credits that were given: known by their amount and end, and in the balance already."""
    currency, granted = _currency(document), document.get("granted") is True
    return {
        "currency": currency,
        "expiring_nanos": _nanos(document.get("amount_minor_units"), currency) if granted else None,
        "expires_at": _moment(document.get("expires_at")) if granted else None,
    }


def _spend_limit(document: Document) -> Row:
    currency = _currency(document)
    return {
        "currency": currency,
        "used_nanos": _nanos(document.get("used_credits"), currency),
        "monthly_limit_nanos": _nanos(document.get("monthly_credit_limit"), currency),
        "has_monthly_limit": _has_limit(document, "monthly_credit_limit"),
        "credits_enabled": _truth(document.get("is_enabled")),
        "out_of_credits": _truth(document.get("out_of_credits")),
    }


def _bundles(document: Document) -> Row:
    offered = _objects(document.get("bundles"))
    currency = next(filter(None, map(_currency, (document, *offered))), None)
    return {
        "currency": currency,
        "bundle_cap_nanos": _nanos(document.get("bundle_monthly_cap_minor_units"), currency),
        "expiry_months": _whole(document.get("expiry_policy_months")),
    }


_READERS: Final = {"usage": _usage, "prepaid": _prepaid, "grant": _grant, "spend_limit": _spend_limit, "bundles": _bundles}


def _window(document: Document, key: str, kind: str) -> tuple[float | None, datetime | None]:
    """How full a window of the plan is, in percent, and when it resets."""
    window = _object(document.get(key))
    if not window:
        window = next((one for one in _objects(document.get("limits")) if one.get("kind") == kind), {})
    share = _number(_first(window, "utilization", "percent"))
    return (None if share is None or share < 0 else float(share)), _moment(window.get("resets_at"))


def _has_limit(document: Document, key: str) -> bool | None:
    """Return whether the account has a monthly limit; None if the document doesn't say."""
    if key not in document:
        return None
    return document[key] is not None and _number(document[key]) != NONE


def _money(amount: Document, currency: str | None = None) -> int | None:
    return _nanos(amount.get("amount_minor"), _currency(amount) or currency, amount.get("exponent"))


def _nanos(minor: object, currency: str | None, places: object = None) -> int | None:
    """Convert minor units to nanos of the currency; None for "none" and for anything that isn't a number."""
    amount, digits = _number(minor), _whole(places)
    if amount is None or amount == NONE or abs(amount) > _MOST_MINOR_UNITS:
        return None
    if digits is None or digits > _NANO_DIGITS:
        digits = 0 if currency in _NO_MINOR_UNIT else 2
    return int(amount.scaleb(_NANO_DIGITS - digits).to_integral_value())


def _currency(document: Document) -> str | None:
    code = document.get("currency")
    known = isinstance(code, str) and len(code) == 3 and code.isascii() and code.isalpha()
    return code.upper() if known and isinstance(code, str) else None


def _moment(value: object) -> datetime | None:
    """Convert ISO 8601, or seconds or milliseconds since 1970, to naive UTC."""
    try:
        if isinstance(value, str):
            stated = datetime.fromisoformat(value)
            stated = stated.astimezone(UTC).replace(tzinfo=None) if stated.tzinfo else stated
            return stated if 1970 <= stated.year < 9000 else None
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 1e9:
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _whole(value: object) -> int | None:
    number = _number(value)
    return int(number) if number is not None and 0 <= number <= _MOST and number == int(number) else None


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _first(document: Document, *keys: str) -> object:
    return next((document[key] for key in keys if document.get(key) is not None), None)


def _object(value: object) -> Document:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[Document]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
