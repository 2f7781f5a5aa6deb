#!/bin/bash
# It is run with bash, in this folder. Only what makes the container belongs here; look around in a terminal of your own.

# Start my_nginx in the host's sandbox.
