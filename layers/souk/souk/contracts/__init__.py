"""Data contracts and the test runs against them."""
