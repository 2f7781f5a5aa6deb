#!/bin/bash
# It is run with bash, in this folder. Only what makes the network and the containers belongs here; look around in a terminal
# of your own.

# Make the network lab-net.

# Start on-default and on-custom. Both have to keep running.
