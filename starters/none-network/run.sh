#!/bin/bash
# It is run with bash, in this folder. Only what makes the container belongs here; look around in a terminal of your own.

# Start isolated without a network. It has to keep running.
