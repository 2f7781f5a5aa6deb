#!/usr/bin/python3 -IS
"""Runs a script of a submission with a terminal as its standard input, at which nobody sits.

`docker run -it` starts with it. Whoever reads from it gets the end of file, as if somebody typed Ctrl-D, as often as it is
asked for. Standard output and standard error are those that this program has: what is printed there is printed as for a file,
without colours. Only what a script writes to the terminal itself (/dev/tty) comes by here, and goes to standard error.

usage: with-terminal COMMAND [ARGUMENT...]    ends with the command's exit code
"""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios

END_OF_FILE = b"\x04"
# Seconds after which it is looked up again whether somebody has read the last end of file: the kernel does not tell.
LOOK_AGAIN = 0.1
# Bytes that are passed on of what is written to the terminal itself.
MOST = 100_000


def start(command: list[str], terminal: int) -> int:
    """Starts the command as the first process of a session that has this terminal. Returns its process id."""
    process = os.fork()
    if process != 0:
        return process
    try:
        # Else what the script leaves in the background would end with it, unlike at a real terminal.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        os.dup2(terminal, 0)
        os.closerange(3, 64)
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    os._exit(127)


def quiet(terminal: int) -> None:
    """Nothing that is read is printed again, line ends stay as they are, and it has the usual size."""
    settings = termios.tcgetattr(terminal)
    settings[1] &= ~termios.OPOST
    settings[3] &= ~(termios.ECHO | termios.ECHONL)
    termios.tcsetattr(terminal, termios.TCSANOW, settings)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))


def has(descriptor: int, event: int, seconds: float = 0) -> bool:
    poll = select.poll()
    poll.register(descriptor, event)
    return bool(poll.poll(seconds * 1000))


def attend(keyboard: int, terminal: int, ended: int) -> None:
    """Types Ctrl-D whenever none waits to be read, until there is something to read at `ended`."""
    left = MOST
    while True:
        if not has(terminal, select.POLLIN) and has(keyboard, select.POLLOUT):
            os.write(keyboard, END_OF_FILE)
        ready, _, _ = select.select([keyboard, ended], [], [], LOOK_AGAIN)
        if keyboard in ready:
            written = os.read(keyboard, 65536)[:left]
            left -= len(written)
            os.write(2, written)
        elif ended in ready:
            return


def main() -> int:
    keyboard, terminal = pty.openpty()
    quiet(terminal)
    ended, end = os.pipe()
    os.set_blocking(end, False)
    signal.set_wakeup_fd(end)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    os.environ.setdefault("TERM", "xterm")
    process = start(sys.argv[1:], terminal)
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda number, _: os.kill(process, number))
    while True:
        try:
            attend(keyboard, terminal, ended)
        except OSError:
            pass  # nobody takes what was written to the terminal
        os.read(ended, 64)
        gone, status = os.waitpid(process, os.WNOHANG)
        if gone:
            return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    code = main()
    # As a shell says it when a signal has ended a command.
    sys.exit(code if code >= 0 else 128 - code)
