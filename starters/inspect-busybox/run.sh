#!/bin/bash
# It is run with bash, in this folder. Only what makes the container and the network belongs here; look around in a terminal
# of your own.

# Start the container. It has to keep running.

# Make a bridge network, and connect the running container to it.
