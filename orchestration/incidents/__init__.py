"""Incidents: what an operator must know of, found in the records of runs, and told once.

finding  derives incidents from the status of the data directory
book     keeps which incidents are open, and of which somebody was told
report   compares the two, and sends alerts, heartbeats and new releases
sending  POST to a web address, or through apprise
"""
