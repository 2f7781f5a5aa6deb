#!/bin/bash
cd "$(dirname "$0")" || exit
./networks.sh && ./containers.sh
