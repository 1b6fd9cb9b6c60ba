"""A snapshot of the definitions as lines of text, which makes accidental renames visible.

To update it after an intended change, run from the root of the checkout:

    python -m tests.orchestration.defs.snapshot
"""

from pathlib import Path

import dagster as dg

PATH = Path(__file__).with_name("definitions.txt")


def describe(defs: dg.Definitions) -> list[str]:
    """Assets with their groups, checks, jobs, sensors and schedules, one per line."""
    graph = defs.resolve_asset_graph()
    return [
        *(
            f"asset {key.to_user_string()} ({graph.get(key).group_name})"
            for key in sorted(graph.get_all_asset_keys())
        ),
        *(
            f"check {key.asset_key.to_user_string()}: {key.name}"
            for key in sorted(graph.asset_check_keys)
        ),
        *(f"job {job.name}" for job in defs.jobs or ()),
        *(f"sensor {sensor.name}" for sensor in defs.sensors or ()),
        *(f"schedule {schedule.name}" for schedule in defs.schedules or ()),
    ]


if __name__ == "__main__":
    from orchestration.definitions import defs

    PATH.write_text("\n".join(describe(defs)) + "\n", encoding="utf-8")
