#!/bin/bash
set -e
for name in alpine1 alpine2 alpine3 alpine4; do docker run -dit --name "$name" alpine ash; done
