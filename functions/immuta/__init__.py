"""The Immuta door: the marketplace API of data products, requests and approvals."""
