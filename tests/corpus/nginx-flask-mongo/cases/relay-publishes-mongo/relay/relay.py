"""Passes every connection on: relay.py PORT HOST:PORT"""
import socket
import sys
import threading

host, port = sys.argv[2].split(":")


def pump(source, target):
    while data := source.recv(65536):
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)


def serve(client):
    server = socket.create_connection((host, int(port)))
    threading.Thread(target=pump, args=(client, server), daemon=True).start()
    threading.Thread(target=pump, args=(server, client), daemon=True).start()


listener = socket.create_server(("0.0.0.0", int(sys.argv[1])))
while True:
    serve(listener.accept()[0])
