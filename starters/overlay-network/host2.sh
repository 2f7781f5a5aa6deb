#!/bin/bash
# It is run on machine 2 when host1.sh has ended. HOST1 and HOST2 are the machines' addresses.

# Join the swarm.

# Start alpine2. It has to keep running.
