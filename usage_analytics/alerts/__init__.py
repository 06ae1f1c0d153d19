"""Alerts: what is sent when something needs attention, and how.

alert       the message about one episode
plain       names from data as words that no chat turns into a mention or a link
channels    where alerts go, with their secrets
delivery    each channel gets an episode once
reach       connections to checked addresses only
webhook, mail, desktop    the three ways out
"""
