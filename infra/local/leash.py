"""A program that cannot outlive us, as another user if asked: `leash.py SIGNAL USER OVERRIDE PARENT -- …`

A program of its own, because Python must not run code between fork and exec once threads exist.
* When PARENT dies, however it dies, the kernel sends SIGNAL to the program (prctl PR_SET_PDEATHSIG).
* PostgreSQL refuses to run as root. USER is then `nobody`, which every Linux has: no user is made for it.
* OVERRIDE `1` keeps one capability, CAP_DAC_OVERRIDE: a clone below /root lies behind a folder that `nobody`
  may not enter, and the alternative would be to loosen that folder for everybody.
"""

import ctypes
import os
import pwd
import signal
import sys

SET_PDEATHSIG, SET_SECUREBITS, CAP_AMBIENT, AMBIENT_RAISE = 1, 28, 47, 2
NO_SETUID_FIXUP = 1 << 2  # without it access(2), which PostgreSQL asks, would not see the capability
DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522
LIBC = ctypes.CDLL(None, use_errno=True)


def main(arguments: list[str]) -> None:
    """Change user first: that clears the parent-death signal."""
    death, user, override, parent, _dashes, *command = arguments
    if user:
        become(user, override == "1")
    call(LIBC.prctl, SET_PDEATHSIG, int(death), 0, 0, 0)
    if os.getppid() != int(parent):  # it died before we asked to be told
        os.kill(os.getpid(), signal.SIGKILL)
    os.execvp(command[0], command)  # noqa: S606


def become(user: str, override: bool) -> None:
    """Give up root for good, with or without the one capability."""
    entry = pwd.getpwnam(user)
    if override:
        call(LIBC.prctl, SET_SECUREBITS, NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(entry.pw_gid, entry.pw_gid, entry.pw_gid)
    os.setresuid(entry.pw_uid, entry.pw_uid, entry.pw_uid)
    os.environ.update(HOME="/", USER=user, LOGNAME=user)
    if override:
        keep_dac_override()


def keep_dac_override() -> None:
    """The only capability left, also across exec."""
    bit = 1 << DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit)  # effective, permitted, inheritable; then their upper halves
    call(LIBC.capset, ctypes.byref(header), ctypes.byref(sets))
    call(LIBC.prctl, CAP_AMBIENT, AMBIENT_RAISE, DAC_OVERRIDE, 0, 0)


def call(function: object, *arguments: object) -> None:
    """A C function that says no becomes an OSError."""
    if function(*arguments) != 0:  # type: ignore[operator]
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main(sys.argv[1:])
