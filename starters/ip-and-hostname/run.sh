#!/bin/bash
# It is run with bash, in this folder. Only what makes networks and containers belongs here; look around in a terminal of
# your own.

# Make the networks net-a and net-b.

# Start web and plain on net-a. Both have to keep running.

# Connect web to net-b, while it is running.
