import threading
import time

from deploy.local import leash


def test_a_program_outlives_the_thread_that_asked_for_it() -> None:
    started = []
    thread = threading.Thread(target=lambda: started.append(leash.spawn(["sleep", "30"])))
    thread.start()
    thread.join()
    time.sleep(0.2)
    (process,) = started
    assert process.poll() is None
    assert leash.stop(process, 5.0) == -15


def test_a_program_that_does_not_end_when_asked_is_killed() -> None:
    process = leash.spawn(["sh", "-c", "trap '' TERM; while true; do sleep 0.05; done"])
    time.sleep(0.2)
    assert leash.stop(process, 0.3) == -9
