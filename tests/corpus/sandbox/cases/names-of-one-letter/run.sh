#!/bin/bash
docker run -d --name a nginx
docker run -d --name b nginx
docker run -dit --name c --network container:a alpine ash
