#!/bin/bash
# It is run with bash, in this folder. Only what makes networks and containers belongs here; ping in a terminal of your own.

# Make the network alpine-net.

# Start alpine1, alpine2, alpine3 and alpine4. All have to keep running.

# Connect alpine4 to its second network.
