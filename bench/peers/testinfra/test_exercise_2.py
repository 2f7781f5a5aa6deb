"""Exercise 2 for testinfra, as root on the machine whose engine runs the stack: a test for each rule.

What is seen from a container is asked through testinfra's docker backend, so the images need getent, bash and timeout.

usage: EXERCISE_2=FOLDER-WITH-COMPOSE-FILE pytest-3 test_exercise_2.py
"""
import json
import os
import subprocess
import time
import urllib.request

import pytest
import testinfra

PROJECT = "netgrade-bench-testinfra"
FOLDER = os.environ["EXERCISE_2"]
HELLO = "Hello from the MongoDB client!"


def docker(*args, check=True):
    return subprocess.run(["docker", *args], check=check, capture_output=True, text=True).stdout.strip()


def compose(*args, check=True):
    return docker("compose", "--project-name", PROJECT, "--project-directory", FOLDER, *args, check=check)


class Role:
    """A container of the stack, and testinfra's view from inside it."""

    def __init__(self, service):
        self.id = docker("ps", "-aq", "--filter", f"label=com.docker.compose.project={PROJECT}",
                         "--filter", f"label=com.docker.compose.service={service}")
        self.inside = testinfra.get_host(f"docker://{self.id}")

    @property
    def facts(self):
        return json.loads(docker("inspect", self.id))[0]

    @property
    def networks(self):
        return {name.removeprefix(f"{PROJECT}_"): each["IPAddress"]
                for name, each in self.facts["NetworkSettings"]["Networks"].items()}


class Stack:
    def __init__(self):
        self.nginx, self.flask, self.mongo = Role("nginx"), Role("flask-app"), Role("mongo")

    def get(self, timeout=5):
        """What somebody gets who does not come by the loopback."""
        gateway = docker("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}")
        port = docker("port", self.nginx.id, "80").splitlines()[0].rsplit(":", 1)[1]
        try:
            with urllib.request.urlopen(f"http://{gateway}:{port}/", timeout=timeout) as answer:
                return answer.read().decode()
        except OSError:
            return ""


def started():
    """The stack, once it answers: a container that runs does not listen yet."""
    compose("up", "--detach", "--wait", check=False)
    stack, deadline = Stack(), time.monotonic() + 10
    while HELLO not in stack.get() and time.monotonic() < deadline:
        time.sleep(0.1)
    return stack


@pytest.fixture(scope="module")
def stack():
    yield started()
    compose("down", "--volumes", "--timeout", "0")


def test_containers_running(host, stack):
    for role in (stack.nginx, stack.flask, stack.mongo):
        assert host.docker(role.id).is_running


def test_networks_exist(host, stack):
    for name in ("public-net-1", "private-net-1"):
        assert host.check_output("docker network inspect %s_%s --format {{.Driver}}", PROJECT, name) == "bridge"


def test_nginx_public_only(stack):
    assert set(stack.nginx.networks) == {"public-net-1"}


def test_flask_both(stack):
    assert set(stack.flask.networks) == {"public-net-1", "private-net-1"}


def test_mongo_private_only(stack):
    assert set(stack.mongo.networks) == {"private-net-1"}


def test_nginx_published(stack):
    assert stack.get()


def test_only_nginx_published(host, stack):
    for role in (stack.flask, stack.mongo):
        assert host.check_output("docker port %s", role.id) == ""


def test_nginx_resolves_flask(stack):
    assert stack.nginx.inside.addr("flask-app").ipv4_addresses == [stack.flask.networks["public-net-1"]]


def test_flask_resolves_mongo(stack):
    assert stack.flask.inside.addr("mongo").ipv4_addresses == [stack.mongo.networks["private-net-1"]]


def test_embedded_dns(stack):
    for role in (stack.nginx, stack.flask, stack.mongo):
        assert "nameserver 127.0.0.11" in role.inside.file("/etc/resolv.conf").content_string


def test_real_mongo(stack):
    # MongoDB tells who speaks HTTP to it what it is.
    asked = stack.flask.inside.run(
        "timeout 3 bash -c 'exec 3<>/dev/tcp/mongo/27017; printf \"GET / HTTP/1.0\\r\\n\\r\\n\" >&3; cat <&3'")
    assert "MongoDB" in asked.stdout


def test_end_to_end(stack):
    assert HELLO in stack.get()
    docker("pause", stack.mongo.id)
    try:
        assert HELLO not in stack.get(timeout=2)
    finally:
        docker("unpause", stack.mongo.id)


def test_nginx_cannot_reach_mongo(stack):
    address = next(iter(stack.mongo.networks.values()))
    assert stack.flask.inside.addr(address).port(27017).is_reachable
    assert not stack.nginx.inside.addr(address).port(27017).is_reachable


def test_by_name_not_by_address(stack):
    # Other addresses: a network that stands where one of the stack's stood.
    compose("down", "--volumes", "--timeout", "0")
    docker("network", "create", f"{PROJECT}-in-the-way")
    try:
        assert HELLO in started().get()
    finally:
        compose("down", "--volumes", "--timeout", "0")
        docker("network", "rm", f"{PROJECT}-in-the-way")
