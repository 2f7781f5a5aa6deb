"""Passes bytes on to the catalogue."""
import socket
import threading

TARGET = ("netflix-catalog", 8080)
PORT = 8090


def pump(source, target):
    while True:
        data = source.recv(65536)
        if not data:
            break
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)


def serve(client):
    server = socket.create_connection(TARGET)
    threading.Thread(target=pump, args=(server, client)).start()
    pump(client, server)


listener = socket.create_server(("0.0.0.0", PORT))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],)).start()
