"""The check that all documents of a run were ingested, and that all targets got the release."""

from collections.abc import Iterator
from itertools import islice

import dagster as dg

from orchestration.defs.asset_keys import RELEASE
from orchestration.defs.endings import RunEndedError
from orchestration.defs.resources import Workspace
from orchestration.ingest.results import problem_texts
from orchestration.runtime.texts import literal
from scrapers.errors import MAX_LINES, first_lines

NAME = "everything_came_through"
PUBLISHED = "The release is published, with the last good version, if any, of what failed:"


@dg.multi_asset_check(
    name=f"{RELEASE.to_python_identifier()}_{NAME}",
    specs=[
        dg.AssetCheckSpec(
            NAME,
            asset=RELEASE,
            blocking=True,
            description="All documents of the run were fetched and accepted, the announcements of "
            "their registers could be read, and all targets got the release. If not, the run fails "
            "here, after the other documents have been published.",
        )
    ],
)
def everything_came_through(
    context: dg.AssetCheckExecutionContext, workspace: Workspace
) -> Iterator[dg.AssetCheckResult]:
    """Fails with the problems of documents, registers and targets.

    A register has a problem if its documents were not found.

    The run then ends with RunEndedError. The error that Dagster raises for a failed check would
    name the check, but not the problem.
    """
    # A run that only repeats this step has no results of its own, so the latest results are used.
    results = workspace.results.of_run(context.run.run_id) or workspace.results.all()
    problems = {result.folder: result.problem for result in results if result.problem}
    undelivered = workspace.results.delivery_problems()
    messages = first_lines([*problem_texts(results), *undelivered])
    for problem in messages:
        context.log.error(problem)
    workspace.record_failures(context.run.run_id, len(problems) + len(undelivered))
    yield dg.AssetCheckResult(
        passed=not messages,
        # The UI renders it as Markdown.
        description="\n\n".join(map(literal, messages)) or None,
        metadata={
            "documents": len(results),
            "failed": len(problems),
            "undelivered": len(undelivered),
            "problems": dict(islice(problems.items(), MAX_LINES)),
        },
    )
    if messages:
        raise RunEndedError("\n".join([PUBLISHED, *messages]))
