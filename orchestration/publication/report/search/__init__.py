"""The whole register inside the report page, for its search and its pages of companies."""
