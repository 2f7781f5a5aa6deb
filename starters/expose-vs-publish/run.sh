#!/bin/bash
# It is run with bash, in this folder, where your Dockerfile is, too.

# Build the image once.

# Start exposed and published from it.
