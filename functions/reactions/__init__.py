"""Functions that answer streams and schedules."""
