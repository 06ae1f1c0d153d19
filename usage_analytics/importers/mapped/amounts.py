"""Numbers as people and programs write them: which sign is the decimal sign, what currency, what sign, what scale; exact or not at all.

`1.234` may be one and a bit or more than a thousand. So a number is first read as written, without a decision; what it comes to is asked
with the decimal sign that holds for the whole file, and where the two readings differ and none was chosen, there is no answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from usage_analytics.importers.mapped.cells import tidy
from usage_analytics.importers.mapped.mapping import CODES, Decimals

# Signs of one currency. "$" alone is read as US dollars unless a column or the mapping names another dollar.
_SIGNS: Final = {
    "us$": "USD", "ca$": "CAD", "c$": "CAD", "can$": "CAD", "a$": "AUD", "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD",
    "sg$": "SGD", "nt$": "TWD", "mx$": "MXN", "r$": "BRL", "$": "$", "€": "EUR", "£": "GBP", "¥": "¥", "￥": "¥", "元": "CNY",
    "円": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₪": "ILS", "₫": "VND", "฿": "THB", "₴": "UAH", "₦": "NGN",
    "zł": "PLN", "zl": "PLN", "kč": "CZK", "ft": "HUF", "kr": "kr", "kr.": "kr", "fr": "CHF", "fr.": "CHF", "sfr": "CHF", "¤": "¤",
    "euro": "EUR", "euros": "EUR", "dollars": "USD", "dollar": "USD", "rs": "INR", "rs.": "INR", "lei": "RON",
}  # fmt: skip
_DOLLARS: Final = frozenset("USD CAD AUD NZD HKD SGD TWD MXN".split())
_SCALES: Final = {
    "k": 1_000,
    "tsd": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "mio": 1_000_000,
    "mn": 1_000_000,
    "million": 1_000_000,
}
_SCALES_OF_TOKENS: Final = _SCALES | {"b": 1_000_000_000, "bn": 1_000_000_000, "g": 1_000_000_000}
_NUMBER: Final = re.compile(
    r"(?P<before>[^\d.,()+-]*)(?P<number>[.,]?\d[\d.,' _]*?)(?:[eE](?P<exponent>[+-]?\d{1,3}))?(?P<after>[^\d.,()+-]*\.?)"
)
_SIMPLE: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")  # as most programs write them

# With a decimal sign D and signs that group, G: plain, in groups of three, and in the groups of India.
_PLAIN: Final = r"(?:\d+(?:D\d*)?|D\d+)"
_GROUPED: Final = r"[1-9]\d{0,2}(?:(?P<g>[G])\d{3})(?:(?P=g)\d{3})*(?:D\d+)?"
_INDIAN: Final = r"[1-9]\d?(?:,\d{2})+,\d{3}(?:D\d+)?"
_SHAPES: Final[dict[Decimals, re.Pattern[str]]] = {
    ".": re.compile(f"{_PLAIN}|{_GROUPED}|{_INDIAN}".replace("D", r"\.").replace("G", ",' _")),
    ",": re.compile(f"{_PLAIN}|{_GROUPED}".replace("D", ",").replace("G", r".' _")),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A number as it is written: its digits and the signs between them, and what stands around it.

    `currency` is a code, or the sign itself where it may mean several currencies (`$`, `¥`, `kr`); `cents` says that the cell itself is in
    hundredths (`¢`); `scale` is of a suffix such as the k of 12.3k.
    """

    digits: str
    negative: bool = False
    currency: str | None = None
    cents: bool = False
    scale: int = 1
    exponent: int = 0

    def value(self, decimal: Decimals | None) -> Decimal | None:
        """What it comes to with this decimal sign; with None only where both signs agree. None where it is no such number."""
        if decimal is None:
            either = [found for found in (self.value("."), self.value(",")) if found is not None]
            return either[0] if len(set(either)) == 1 else None
        if self.digits.isdigit():
            amount = Decimal(self.digits) * self.scale
            return -amount.scaleb(self.exponent) if self.negative else amount.scaleb(self.exponent)
        if not _SHAPES[decimal].fullmatch(self.digits):
            return None
        plain = re.sub(r"[^\d,.]" if decimal == "," else r"[^\d.]", "", self.digits)
        plain = plain.replace(".", "").replace(",", ".") if decimal == "," else plain
        amount = Decimal(plain) * self.scale
        amount = amount.scaleb(self.exponent)
        return -amount if self.negative else amount

    @property
    def decimals(self) -> tuple[Decimals, ...]:
        """The decimal signs with which it is a number; two where it makes a difference, none where it makes none."""
        if self.digits.isdigit():
            return ()
        found: dict[Decimals, Decimal] = {}
        for sign in _SHAPES:
            value = self.value(sign)
            if value is not None:
                found[sign] = value
        return () if len(found) == 2 and len(set(found.values())) == 1 else tuple(found)


@lru_cache(maxsize=200_000)
def written(text: str, *, tokens: bool = False) -> Written | None:
    """The number in a cell; None where the cell holds anything else. `tokens`: suffixes such as 12.3k and the word tokens are read."""
    if _SIMPLE.fullmatch(text):
        return Written(text)
    # NFKC would make another character of these two.
    cell = tidy(text.replace("´", "'").replace("¨", ""))
    negative, cell = sign(cell)
    found = _NUMBER.fullmatch(cell)
    if not found:
        return None
    around: dict[str, object] = {"negative": negative}
    for word in (*_words(found["before"]), *_words(found["after"])):
        meaning = meaning_of(word, tokens=tokens)
        if meaning is None:
            return None
        codes = {around.get("currency"), meaning.get("currency")} - {None}
        if around.keys() & meaning.keys() and not ("$" in codes and codes & _DOLLARS):
            return None
        around |= meaning | ({"currency": max(codes - {"$"}, key=str)} if len(codes) > 1 else {})
    if around.pop("credit", False):
        around["negative"] = not negative
    around.pop("token", None)
    return Written(found["number"].strip(), exponent=int(found["exponent"] or 0), **around)  # type: ignore[arg-type]


def sign(cell: str) -> tuple[bool, str]:
    """Whether a cell is negative, and the cell without what says so: a minus before, behind, after the currency, or parentheses."""
    inner = re.fullmatch(r"([^\d()]*)\((.*)\)([^\d()]*)", cell)
    if inner:
        cell = "".join(inner.groups())
        return ("-" not in cell), cell
    found = re.fullmatch(r"([^\d+-]*)([+-]?)([^+-]*(?:[eE][+-]?\d{1,3}[^+-]*)?)([+-]?)", cell)
    if not found or (found[2] and found[4]):
        return False, cell
    return "-" in (found[2], found[4]), f"{found[1]}{found[3]}".strip()


def _words(text: str) -> list[str]:
    return text.strip().rstrip(":").split()


def meaning_of(word: str, *, tokens: bool) -> dict[str, object] | None:
    """Return the meaning of a word beside a number."""
    small = word.lower()
    if small in _SIGNS:
        return {"currency": _SIGNS[small]}
    if word.upper() in CODES:
        return {"currency": word.upper()}
    if small in ("¢", "ct", "cts", "cent", "cents"):
        return {"cents": True}
    if small in ("cr", "dr"):
        return {"credit": True} if small == "cr" else {"token": True}
    if tokens and small.rstrip(".") in _SCALES_OF_TOKENS:
        return {"scale": _SCALES_OF_TOKENS[small.rstrip(".")]}
    if not tokens and small == "k":
        return {"scale": 1_000}
    if tokens and small in ("token", "tokens", "tok", "toks"):
        return {"token": True}
    joined = re.fullmatch(r"([a-z$€£¥]+?)(k|m|b|tok|tokens)", small) if tokens else None
    if joined and joined[1] in _SCALES_OF_TOKENS:
        return {"scale": _SCALES_OF_TOKENS[joined[1]]}
    pair = re.fullmatch(r"(.*?)([a-z]{3})", small)  # US$USD, $USD
    if pair and _SIGNS.get(pair[1]) in ("$", pair[2].upper()) and pair[2].upper() in CODES:
        return {"currency": pair[2].upper()}
    return None


def column_currency(cell: str) -> str | None:
    """The currency that a cell of a column of currencies names; None where it names none that is known."""
    if cell.upper() in CODES:
        return cell.upper()
    found = written(f"{cell} 1") if cell and len(cell) < 12 and not any(map(str.isdigit, cell)) else None
    return found.currency if found else None
