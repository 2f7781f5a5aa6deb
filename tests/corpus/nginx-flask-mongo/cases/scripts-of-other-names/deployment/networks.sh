#!/bin/bash
for net in public-net-1 private-net-1; do docker network create $net; done
