"""Runs the tasks of a step of the Spark job in this process, in the order that Spark allows."""

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.spark.tasks import Plan, Result, build_share, read_units


def in_process(plan: Plan) -> list[Result]:
    """A `StepRunner` that needs neither PySpark nor Java."""
    positions = pa.RecordBatch.from_pydict({"id": list(range(len(plan.units)))})
    divided = pa.Table.from_batches(
        read_units(plan, iter([positions])),
        pa.schema([("share", pa.int32()), ("name", pa.string()), ("rows", pa.binary())]),
    )
    results = []
    for number in sorted(set(divided.column("share").to_pylist())):
        share = divided.filter(pc.equal(divided.column("share"), number))
        rows = build_share(plan, share).to_pylist()
        results += [Result(row["name"], row["rows"], row["content"]) for row in rows]
    return results
