"""Assets: tables, files and dashboards, with their columns."""
