#!/bin/bash
# It is run with bash, in this folder. The containers' names are those in submission.yaml.

# Start box-a and box-b. Each has to listen on port 80.

# Start box-c in the sandbox of box-a. It has to keep running.
