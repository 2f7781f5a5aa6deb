#!/bin/bash
# It is run on machine 1. HOST1 and HOST2 are the machines' addresses.

# Make a swarm.

# Hand over to host2.sh what it needs: a line NAME=value in the file "$HANDOVER" is a variable there.

# Make the network test-net.

# Start alpine1. It has to keep running.
