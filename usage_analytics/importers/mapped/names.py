"""What a column's name says that it holds, in the words of many exports and a few languages."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

from usage_analytics.importers.mapped.mapping import CODES, AmountsIn
from usage_analytics.importers.usage_events.columns import KNOWN

LEAST: Final = 0.45  # of a score: below that, a name says nothing
TOTAL: Final = "total_tokens"  # not a column of usage events: tells what the others include

# Names in the order in which they are preferred where a table has several.
with Path(__file__).with_name("names.toml").open("rb") as _file:
    _NAMES: Final[dict[str, list[str]]] = tomllib.load(_file)
_OTHER_TIMES: Final = frozenset(
    "end ended finish finished completed updated modified due expires expiry latency duration first last elapsed".split()
)
_PARTS_OF_COST: Final = frozenset(
    "input output cache cached prompt completion per rate unit limit budget tax vat discount balance token tokens saved savings markup"
    " center centre search requests request count remaining".split()
)
_COST_WORDS: Final = frozenset(
    "cost costs spend spent amount charge charges kosten betrag montant importe costo coste cout price".split()
)
_TIME_WORDS: Final = frozenset("date time timestamp datetime datum fecha zeit zeitpunkt day".split())
_ENGLISH: Final = ("try", "cop", "pen", "mad", "top")  # codes that are also words
_UNSAID: Final = frozenset("usd eur gbp chf utc gmt local us in the of total de count number number_of num approx est s".split())
_SCALES: Final = dict.fromkeys("k thousand thousands ktok tsd".split(), 1_000) | dict.fromkeys(
    "m mtok million millions mio".split(), 1_000_000
)
_UNITS: Final[dict[AmountsIn, frozenset[str]]] = {
    "millicents": frozenset("millicents millicent".split()),
    "cents": frozenset("cents cent ct pence rappen centimes minor".split()),
    "thousandths": frozenset("mills millis milli millidollars".split()),
    "micros": frozenset("micros micro microdollars microusd microunits".split()),
    "nanos": frozenset("nanos nano nanodollars nanousd".split()),
}
_NO_TOKENS: Final = frozenset("reasoning thinking audio image per".split())


@lru_cache(maxsize=20_000)
def words(label: str) -> tuple[str, ...]:
    """The words of a column's name, without case, accents and signs."""
    spaced = re.sub(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", label)
    plain = "".join(one for one in unicodedata.normalize("NFKD", spaced.lower()) if not unicodedata.combining(one))
    return tuple(re.findall(r"[^\W_]+", plain))


@lru_cache(maxsize=20_000)
def score(role: str, label: str) -> float:
    """How well a column's name fits a role, from 0 to 1."""
    said = words(label)
    joined = " ".join(said)
    if role in KNOWN and joined == role.replace("_", " "):
        return 1.0
    brief = " ".join(word for word in said if word not in _UNSAID and not word.isdigit())
    for place, name in enumerate(_NAMES.get(role, ())):
        plain = " ".join(words(name))
        if joined == plain or joined.replace(" ", "") == plain.replace(" ", ""):
            return 0.99 - 0.005 * place
        if brief and brief == plain:
            return 0.9 - 0.005 * place
    known = set(said)
    if role == "cost_usd" and known & _COST_WORDS and not known & _PARTS_OF_COST:
        return 0.55
    if role == "occurred_at" and known & _TIME_WORDS and not known & _OTHER_TIMES:
        return 0.5
    return score_of_tokens(role, known)


def score_of_tokens(role: str, known: set[str]) -> float:
    """How well words fit a count of tokens, in whatever order they stand."""
    if not known & {"token", "tokens", "tok", "toks", "ktok", "mtok"} or known & (
        _COST_WORDS | {"reasoning", "thinking", "audio", "image", "per"}
    ):
        return 0.0
    cached = bool(known & {"cache", "cached", "caching", "ephemeral"})
    writes = bool(known & {"write", "writes", "written", "creation", "created", "create"})
    fits = {
        "cache_write_1h_tokens": cached and writes and bool(known & {"1h", "hour"}),
        "cache_write_5m_tokens": cached and writes and not known & {"1h", "hour"},
        "cache_read_tokens": cached and not writes and "output" not in known,
        "input_tokens": not cached and bool(known & {"input", "prompt", "in", "sent", "eingabe"}),
        "output_tokens": not cached and bool(known & {"output", "completion", "out", "generated", "response", "ausgabe"}),
        TOTAL: not cached and bool(known & {"total", "sum", "all"}),
    }
    return 0.7 if fits.get(role) else 0.0


def currency_named(label: str) -> str | None:
    """The currency that a column's name states, as a code or a sign."""
    signs = {"€": "EUR", "£": "GBP", "₹": "INR", "¥": "¥", "₩": "KRW", "zł": "PLN"}
    for sign, code in signs.items():
        if sign in label:
            return code
    codes = [word.upper() for word in words(label) if word.upper() in CODES and (word not in _ENGLISH or word.upper() in label)]
    if codes:
        return codes[0]
    dollars = re.search(r"(US|CA|C|A|AU|NZ|HK|S|SG|)\$", label)
    if dollars:
        return {"": "USD", "US": "USD", "CA": "CAD", "C": "CAD", "A": "AUD", "AU": "AUD", "NZ": "NZD", "HK": "HKD"}.get(
            dollars[1], "SGD"
        )
    names = {"dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "pounds": "GBP"}
    return next((names[word] for word in words(label) if word in names), None)


def unit_named(label: str) -> AmountsIn | None:
    """Whether a column's name says that its amounts are in cents or smaller."""
    said = set(words(label))
    for unit, names in _UNITS.items():
        if said & names:
            return unit
    return "cents" if "¢" in label else None


def scale_named(label: str) -> int | None:
    """Return how many tokens 1 means, if the column's name says so."""
    said = words(label)
    return next((_SCALES[word] for word in said if word in _SCALES), None)


def is_utc(label: str) -> bool:
    """Whether a column's name says that its times are in UTC."""
    return bool({"utc", "gmt", "zulu"} & set(words(label)))
