#!/bin/bash
set -e
server='import signal, socket
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
s.bind(("", 80))
s.listen()
signal.pause()'
docker run -d --name box-a python python3 -c "$server"
docker run -d --name box-b --network container:box-a python python3 -c "$server"
docker run -dit --name box-c --network container:box-a alpine ash
