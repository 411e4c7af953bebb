"""Grantors: the systems that hold data, and how Souk has them give and take access. One port, three adapters."""
