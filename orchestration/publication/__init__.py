"""Publication: from the warehouse's marts to a release that people open."""
