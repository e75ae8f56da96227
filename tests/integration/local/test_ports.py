import socket
import subprocess
import sys

from deploy.local.ports import free_port, free_ports, is_free, reserve


def test_ports_are_different_and_free() -> None:
    found = free_ports(50)
    assert len(set(found)) == 50
    assert all(is_free(port) for port in found)


def test_a_port_with_a_server_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
        assert not reserve(port)
    assert reserve(port)


def test_another_process_is_not_given_what_we_chose_until_we_end() -> None:
    choose = "from deploy.local.ports import free_port; print(free_port(), flush=True); input()"
    other = subprocess.Popen([sys.executable, "-c", choose], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    port = int(other.stdout.readline())
    assert is_free(port)
    assert not reserve(port)
    other.communicate("\n")
    assert reserve(port)


def test_our_own_port_may_be_used_again_once_its_server_is_gone() -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        assert not reserve(port)
    assert reserve(port)
