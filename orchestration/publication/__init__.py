"""Publication: turns the marts of the warehouse into a release for analysts."""
