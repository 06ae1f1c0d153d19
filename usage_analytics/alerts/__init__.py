"""Alerts: what is sent when something needs a person, and how.

alert       what there is to say about one episode
plain       names from data as words that nobody's chat takes for a ping or a link
channels    where alerts go, with their secrets
delivery    each channel hears of an episode once
reach       connections to checked addresses only
webhook, mail, desktop    the three ways out
"""
