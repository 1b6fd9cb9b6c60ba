"""The check that all documents of a run were ingested, and that all targets got the release."""

from itertools import islice

import dagster as dg

from orchestration.defs.asset_keys import RELEASE
from orchestration.defs.resources import Workspace
from orchestration.ingest.results import problem_texts
from orchestration.runtime.texts import literal
from scrapers.errors import MAX_LINES, first_lines


@dg.asset_check(
    asset=RELEASE,
    name="everything_came_through",
    blocking=True,
    description="All documents of the run were found, fetched and accepted, and all targets got "
    "the release. Otherwise the run fails here, after the other documents have been published.",
)
def everything_came_through(
    context: dg.AssetCheckExecutionContext, workspace: Workspace
) -> dg.AssetCheckResult:
    """Fails with the problems of documents, registers and targets.

    A register has a problem if its documents were not found.
    """
    # A run that only repeats this step has no results of its own, so the latest results are used.
    results = workspace.results.of_run(context.run.run_id) or workspace.results.all()
    problems = {result.folder: result.problem for result in results if result.problem}
    undelivered = workspace.results.delivery_problems()
    messages = first_lines([*problem_texts(results), *undelivered])
    for problem in messages:
        context.log.error(problem)
    return dg.AssetCheckResult(
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
