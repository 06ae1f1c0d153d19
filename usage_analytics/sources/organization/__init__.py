"""Anthropic's organization APIs, read with an Admin key: what can be asked, for which windows, and how the answers are written down.

key          where the key is, and how it stays a secret
reports      the reports, and which windows of them to ask for
connection   one request: https, no redirects, retries, the server's clock
pages        every page of a window, without a gap and without a page twice
"""
