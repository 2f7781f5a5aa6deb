#!/bin/bash
# It is run with bash, in this folder. Only what makes the containers belongs here; look around in a terminal of your own.

# Start alpine1 and alpine2. Both have to keep running.
