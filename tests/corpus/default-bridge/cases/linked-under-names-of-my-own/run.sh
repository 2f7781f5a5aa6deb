#!/bin/bash
docker run -dit --name quiet alpine ash
docker run -dit --name curious --link quiet alpine ash
