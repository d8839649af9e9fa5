"""A system-call filter for the process that opens a file: no network, no new process, no change to any file.

The filter is a classic BPF program (Linux `seccomp(2)`, `PR_SET_SECCOMP` with `SECCOMP_MODE_FILTER`); numbers are from
the kernel's system-call tables. It is a list of what is denied, not of what is allowed, because the parsers and the
interpreter below them change what they call from release to release; the namespaces of the sandbox deny the rest.
"""

import ctypes
import functools
import os
import struct
import sys

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

_ALLOW = 0x7FFF0000
_KILL = 0x80000000
_DENY = 0x00050000  # SECCOMP_RET_ERRNO; the error number stands in the low 16 bits
_EPERM = 1
_ENOSYS = 38

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_OFFSET, _ARCHITECTURE_OFFSET, _ARGUMENTS_OFFSET = 0, 4, 16
_X32_BIT = 0x40000000
# O_WRONLY, O_RDWR, O_CREAT and O_TRUNC have the same values on both architectures below.
_WRITING_FLAGS = 0o1 | 0o2 | 0o100 | 0o1000

# fmt: off
_NEW_PROCESS = {"clone": (56, 220), "fork": (57, None), "vfork": (58, None), "execve": (59, 221),
                "execveat": (322, 281)}
_NETWORK = {"socket": (41, 198), "connect": (42, 203), "socketpair": (53, 199), "bind": (49, 200),
            "io_uring_setup": (425, 425)}
_OTHER_PROCESSES = {"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
                    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424), "ptrace": (101, 117),
                    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pidfd_open": (434, 434),
                    "prlimit64": (302, 261), "setpriority": (141, 140), "ioprio_set": (251, 30),
                    "sched_setparam": (142, 118), "sched_setscheduler": (144, 119), "sched_setaffinity": (203, 122),
                    "sched_setattr": (314, 274)}
# Whoever leaves the group of processes is missed when it is killed.
_GROUP = {"setpgid": (109, 154), "setsid": (112, 157)}
_FILES = {"truncate": (76, 45), "rename": (82, None), "mkdir": (83, None), "rmdir": (84, None), "creat": (85, None),
          "link": (86, None), "unlink": (87, None), "symlink": (88, None), "chmod": (90, None), "fchmod": (91, 52),
          "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "utime": (132, None), "mknod": (133, None),
          "utimes": (235, None), "mkdirat": (258, 34), "mknodat": (259, 33), "fchownat": (260, 54),
          "unlinkat": (263, 35), "renameat": (264, 38), "linkat": (265, 37), "symlinkat": (266, 36),
          "fchmodat": (268, 53), "utimensat": (280, 88), "renameat2": (316, 276), "fchmodat2": (452, 452),
          "openat2": (437, 437)}
_KERNEL = {"mount": (165, 40), "umount2": (166, 39), "chroot": (161, 51), "unshare": (272, 97), "setns": (308, 268),
           "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "add_key": (248, 217),
           "request_key": (249, 218), "keyctl": (250, 219)}
_DENIED = _NEW_PROCESS | _NETWORK | _OTHER_PROCESSES | _GROUP | _FILES | _KERNEL
_CLONE3 = 435  # answered with "no such call", so that a C library falls back to the filtered `clone`
# F_SETOWN, F_SETSIG and F_SETOWN_EX have this bit: a file sends a signal to whoever is named there.
_OWNER_BIT = 8
# Denied with some arguments; the last two numbers: which argument, and the bits of it that are denied.
_BY_ARGUMENT = {"open": (2, None, 1, _WRITING_FLAGS), "openat": (257, 56, 2, _WRITING_FLAGS),
                "fcntl": (72, 25, 1, _OWNER_BIT)}
# fmt: on

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def shut() -> bool:
    """Install the filter for this process, for good.

    Returns:
        False where this is no Linux, no architecture of the table, or a kernel without the filter.
    """
    program = _program()
    return program is not None and bool(
        libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        and libc().prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0
    )


def _machine() -> str:
    """Name the processor; a 32-bit interpreter on a 64-bit kernel has other call numbers and gets another name."""
    machine = os.uname().machine
    return machine if struct.calcsize("P") == 8 else f"{machine}-32"


@functools.cache
def libc() -> ctypes.CDLL:
    """Give the C library."""
    return ctypes.CDLL(None, use_errno=True)


@functools.cache
def _program() -> _Program | None:
    """Write the filter down; None where this system has none."""
    column, audit = _ARCHITECTURES.get(_machine(), (0, 0))
    if not sys.platform.startswith("linux") or not audit:
        return None
    code = b"".join(_instructions(column, audit))
    # The structure keeps the array alive, as a bare address would not.
    return _Program(len(code) // 8, ctypes.cast(ctypes.create_string_buffer(code, len(code)), ctypes.c_void_p))


def get_ready() -> None:
    """Make all that installing takes, for children that are forked later: to make it costs each of them memory."""
    _program()
    libc()


def _instructions(column: int, audit: int) -> list[bytes]:
    deny = _step(_RETURN, _DENY | _EPERM)
    program = [
        _step(_LOAD, _ARCHITECTURE_OFFSET),
        _step(_EQUAL, audit, yes=1),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_OFFSET),
    ]
    if column == 0:
        program += [_step(_AT_LEAST, _X32_BIT, no=1), deny]
    for numbers in _DENIED.values():
        if (number := numbers[column]) is not None:
            program += [_step(_EQUAL, number, no=1), deny]
    program += [_step(_EQUAL, _CLONE3, no=1), _step(_RETURN, _DENY | _ENOSYS)]
    for intel, arm, argument, denied in _BY_ARGUMENT.values():
        if (number := (intel, arm)[column]) is not None:
            program += [
                _step(_EQUAL, number, no=4),
                _step(_LOAD, _ARGUMENTS_OFFSET + 8 * argument),
                _step(_ANY_BIT, denied, no=1),
                deny,
                _step(_RETURN, _ALLOW),
            ]
    return [*program, _step(_RETURN, _ALLOW)]


def _step(operation: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    """Write one instruction; `yes` and `no` say how many of the next ones a comparison jumps over."""
    return struct.pack("=HBBI", operation, yes, no, value)
