"""Incidents: what an operator must know, found in the records of runs, and reported once.

finding  derives incidents from the status of the data directory
book     keeps which incidents are open, and which an alert was sent about
report   compares the two, and sends alerts, heartbeats and new releases
sending  POST to a web address, or through apprise
"""
