"""The calls of a question, as arrays that a replay takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from usage_analytics.answers.savings.calls import OUTPUT, Calls, Flags, Floats, Integers, Rates, stretch_starts
from usage_analytics.pricing import models
from usage_analytics.question.kept import Kept

if TYPE_CHECKING:
    from usage_analytics.question import Question

KINDS: Final = ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output")
USUAL: Final = 0.9  # of a model's outputs: what is longer than this quantile is long
CORRECTED: Final = 60.0  # seconds within which another prompt suggests that an answer was not what was asked for
MORE_TOKENS: Final = 1.3  # that the newer tokenizer makes of a text, as the vendor says
BELOW: Final = {"fable": "sonnet", "mythos": "sonnet", "opus": "sonnet", "sonnet": "haiku"}
_LOADED: Final = Kept(1_000_000, lambda loaded: len(loaded.calls))  # a million calls are 175 MB; answers are kept apart


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """The calls and what they are called: `units` the hash of each unit, `apps` the names of their numbers, `models` those of cards.

    `shown` are the apps as people see them.

    `credits` and `api` are the calls that these paid, `talks` for each unit whether it is a conversation, `prompts_known` the part of calls
    whose app logs prompts. `now` are the cards that are in force at the end, by model.
    """

    calls: Calls
    units: np.ndarray
    apps: tuple[str, ...]
    shown: tuple[str, ...]
    models: tuple[str, ...]
    now: dict[str, int]
    credits: Flags
    api: Flags
    talks: Flags
    prompts_known: float

    def by_unit(self, values: Floats, of: Calls | None = None) -> Floats:
        """The sum over the calls of each unit: all calls, or those that are given."""
        found: Floats = np.bincount((self.calls if of is None else of).unit, values, minlength=len(self.units)).astype("float64")
        return found


def lighter_models() -> dict[str, str]:
    """For every model the newest of the next lighter family: Fable, Mythos and Opus to Sonnet, Sonnet to Haiku."""
    newest = {str(models.family(model)): model for model in models.known()}
    return {model: newest[BELOW[family]] for model in models.known() if (family := str(models.family(model))) in BELOW}


def load(question: Question) -> Loaded:
    """The calls of a question in order, kept for the next one who asks; simple work would run on the next lighter family."""
    key = (question.state, question.filters, question.names, repr(question.decisions.own_pools))
    return _LOADED.get(key, lambda: _loaded(question))


def with_lighter(loaded: Loaded, model: str) -> Loaded:
    """The same calls, whose simple work would run on this model."""
    cards = lighter_cards(loaded.models, loaded.now, model)
    return replace(loaded, calls=replace(loaded.calls, lighter=cards[loaded.calls.card])) if loaded.models else loaded


def lighter_cards(names: tuple[str, ...], now: dict[str, int], chosen: str = "") -> Integers:
    """For every card that of the model for simple work, at the rates in force; -1 where there is none or it is the model itself."""
    below = lighter_models()
    targets = [now.get(chosen or below.get(name, ""), -1) for name in names]
    return np.array([-1 if names[card] == name else card for card, name in zip(targets, names, strict=True)], dtype="int32")


def _loaded(question: Question) -> Loaded:
    within, pools = question.filters, question.decisions.own_pools
    rows = question.store.columns("savings_calls", within, own_pools=pools)
    cards = question.store.columns("savings_cards", within)
    named = replace(question, names=None).columns("savings_apps")
    apps = tuple(str(name) for name in named["app"])
    order = _in_order(rows)
    rows = {name: np.ma.getdata(column)[order] for name, column in rows.items()}
    rates = _rates(cards)
    names = tuple(str(name) for name in cards["model"])
    now = {name: place for place, (name, is_now) in enumerate(zip(names, cards["now"], strict=True)) if is_now}
    known = np.argsort(named["app_hash"])
    app = known[np.searchsorted(named["app_hash"][known], rows["app_hash"])] if apps else rows["app_hash"]
    unit = _numbered(rows["unit"])
    thread = _numbered(rows["thread"], unit)
    tokens = np.stack([rows[f"{kind}_tokens"] for kind in KINDS])
    prompt, card = tokens[:OUTPUT].sum(axis=0), rows["card"]
    usual, model = np.zeros(len(card)), np.unique(names, return_inverse=True)[1][card] if names else card
    for one in np.unique(model):
        own = model == one
        usual[own] = np.quantile(tokens[OUTPUT][own], USUAL)
    calls = Calls(
        rates,
        tokens,
        card,
        np.ones(len(card)),
        rows["occurred_ms"] / 1000,
        thread,
        unit,
        app.astype("int32"),
        stretch_starts(thread, prompt, tokens[OUTPUT]),
        rows["is_main"],
        rows["by_plan"],
        _simple(rows["prompted"], thread, rows["occurred_ms"] / 1000),
        rows["may_batch"],
        usual,
        lighter_cards(names, now)[card] if names else card,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = rows["cost_nanos"] / calls.bill
    calls = replace(calls, factor=np.where(np.isfinite(factor), factor, 0))
    begins = np.flatnonzero(np.diff(unit, prepend=-1))
    return Loaded(
        calls,
        rows["unit"][begins],
        apps,
        apps if question.names is None else tuple(question.names.of("app", name) for name in apps),
        names,
        now,
        rows["by_credits"],
        rows["by_api"],
        rows["is_conversation"][begins],
        float((rows["prompted"] >= 0).mean()) if len(card) else 0.0,
    )


def _in_order(rows: dict[str, Any]) -> np.ndarray:
    """Where each row goes, so that calls follow each other by unit, thread and time; those of one moment by a key of their own."""
    keys = (rows["occurred_ms"], rows["thread"], rows["unit"])
    order = np.lexsort(keys)
    moments = [np.ma.getdata(key)[order] for key in keys]
    has_ties = np.logical_and.reduce([key[1:] == key[:-1] for key in moments]).any()
    return np.lexsort((rows["tie"], *keys)) if has_ties else order


def _rates(cards: dict[str, Any]) -> Rates:
    base, long = (
        np.array([cards[f"{tier}{kind}_picos"] for kind in KINDS], dtype="float64").reshape(len(KINDS), -1)
        for tier in ("", "long_")
    )
    above: Floats = np.ma.filled(np.ma.asarray(cards["above_tokens"], dtype="float64"), np.inf)
    return Rates(
        base, long, above, np.array([MORE_TOKENS if models.has_new_tokenizer(str(name)) else 1.0 for name in cards["model"]])
    )


def _numbered(keys: np.ndarray, within: np.ndarray | None = None) -> np.ndarray:
    """Keys that stand together as numbers from 0 on."""
    new = np.ones(len(keys), dtype=bool)
    new[1:] = keys[1:] != keys[:-1]
    if within is not None:
        new[1:] |= within[1:] != within[:-1]
    return (np.cumsum(new) - 1).astype("int32")


def _simple(prompted: np.ndarray, thread: np.ndarray, seconds: Floats) -> Flags:
    """Whether a call answered a prompt by itself, so that it ran no tool, and no other prompt followed within a minute.

    A tool's result is sent by another call that no prompt led to. Where the app logs no prompts, nothing is known, and any call may be.
    """
    ends = np.append(np.diff(thread) != 0, True)
    alone = ends & np.append(True, ends[:-1])
    follows, gap = np.append(prompted[1:], -1), np.append(np.diff(seconds), np.inf)
    answered = (prompted == 1) & (ends | ((follows == 1) & (gap >= CORRECTED)))
    simple: Flags = answered | (prompted == -1) & (ends | (follows == -1)) | alone
    return simple
