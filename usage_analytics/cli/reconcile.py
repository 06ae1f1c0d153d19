"""`reconcile`: what was billed beside what was computed, by day and model, and which number to trust."""

from __future__ import annotations

import math
from argparse import Namespace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from usage_analytics import format as fmt
from usage_analytics.cli import answer, asked
from usage_analytics.store.authority import CLASSES, chosen, rules_for, set_rules

if TYPE_CHECKING:
    from usage_analytics.answers.reconcile import Reconciled

AMOUNTS: Final = ("billed_nanos", "computed_nanos", "difference_nanos")
HEAD: Final = ("Day (UTC)", "Model", "Billed", "Computed", "Difference", "Likely cause")


def reconcile(options: Namespace) -> int:
    """Print the comparison, as JSON or for people, after keeping what the person says of it. Raises BadRequest."""
    rules = before = rules_for(asked.database(options))
    for key, same in ((options.same, True), (options.separate, False), (options.by_evidence, None)):
        if key:
            rules = chosen(rules, key, same=same, account=options.of)
    if options.order:
        order = CLASSES if options.order == "usual" else tuple(name.strip() for name in options.order.split(","))
        rules = msgspec.structs.replace(rules, order=order)
    if rules != before:
        set_rules(asked.database(options), rules)
    from usage_analytics.answers import reconcile as answers  # here: it brings pandas, and a wrong word should not

    with asked.reading(options) as store:
        found = answers.answer(asked.question(options, store))
    if options.json:
        answer.write_json(as_json(found))
        return 0
    print(" ".join(filter(None, (found.headline.lead, found.headline.detail))))
    if not found.headline.enough and found.ranges.empty:
        return 0
    print(f"{found.trust}\n")
    rows = [
        [str(row["day"]), fmt.name(row["model"]) or "–", *(fmt.dollars(_known(row[name])) for name in AMOUNTS), row["why"]]
        for row in found.rows.to_dict("records")
    ]
    if rows:
        answer.write_table(HEAD, rows, words=2)
    for row in found.ranges.to_dict("records"):
        print(
            f"{row['label']}, {row['starts_at']:%Y-%m-%d} to {row['ends_at']:%Y-%m-%d}: "
            f"{fmt.dollars(_known(row['stated_nanos']))} reported, "
            f"{fmt.dollars(_known(row['counted_nanos']))} counted here."
        )
    for sentence in found.assumptions:
        print(sentence)
    return 0


def as_json(found: Reconciled) -> dict[str, object]:
    """The answer in the shape that programs rely on."""
    return {
        "billed_usd": answer.money(found.billed_nanos),
        "computed_usd": answer.money(found.computed_nanos),
        "not_itemized_usd": answer.money(found.not_itemized_nanos),
        "days_shifted_by_hours": found.shift_hours,
        "trust": found.trust,
        "rows": [
            {
                "day": str(row["day"]),
                "model": row["model"] if isinstance(row["model"], str) else None,
                "bill": row["bill"],
                "billed_usd": answer.money(_known(row["billed_nanos"])),
                "computed_usd": answer.money(_known(row["computed_nanos"])),
                "difference_usd": answer.money(_known(row["difference_nanos"])),
                "cause": row["cause"],
                "why": row["why"],
            }
            for row in found.rows.to_dict("records")
        ],
        "ranges": [
            {
                "source": row["source"],
                "from": answer.time(row["starts_at"]),
                "to": answer.time(row["ends_at"]),
                "kind": row["kind"],
                "stated_usd": answer.money(_known(row["stated_nanos"])),
                "counted_usd": answer.money(_known(row["counted_nanos"])),
            }
            for row in found.ranges.to_dict("records")
        ],
        "assumptions": list(found.assumptions),
        **answer.said(found.headline, found.figures),
    }


def _known(value: Any) -> int | None:
    return None if value is None or math.isnan(value) else int(value)
