"""Whether everything that a run asked for came through."""

from itertools import islice

import dagster as dg

from orchestration.defs.asset_keys import RELEASE
from orchestration.defs.resources import Workspace
from orchestration.runtime.texts import literal
from scrapers.errors import MAX_LINES, first_lines


@dg.asset_check(
    asset=RELEASE,
    name="everything_came_through",
    blocking=True,
    description="Each document that the run asked for was fetched and accepted. One that "
    "failed fails the run here, after the good ones have been published.",
)
def everything_came_through(
    context: dg.AssetCheckExecutionContext, workspace: Workspace
) -> dg.AssetCheckResult:
    # A run that repeats this step alone has recorded nothing itself: then the last results count.
    results = workspace.results.of_run(context.run.run_id) or workspace.results.all()
    problems = {result.folder: result.problem for result in results if result.problem}
    messages = first_lines(list(problems.values()))
    for problem in messages:
        context.log.error(problem)
    return dg.AssetCheckResult(
        passed=not problems,
        # The UI reads it as Markdown.
        description="\n\n".join(map(literal, messages)) or None,
        metadata={
            "documents": len(results),
            "failed": len(problems),
            "problems": dict(islice(problems.items(), MAX_LINES)),
        },
    )
