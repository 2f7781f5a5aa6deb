#!/bin/bash
set -e
docker images
