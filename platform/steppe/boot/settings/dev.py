"""On one machine with the demo: plain http on *.localhost, the WeChat sandbox instead of Tencent."""

import base64

from steppe.boot.settings import env
from steppe.boot.settings.base import *  # noqa: F403
from steppe.boot.settings.base import STEPPE_SANDBOX_PORT

DEBUG = env.flag("STEPPE_DEBUG", False)
SECRET_KEY = env.text("STEPPE_SECRET_KEY", "only-for-a-machine-without-visitors-0123456789")
STEPPE_FIELD_KEY = env.text("STEPPE_FIELD_KEY", base64.b64encode(b"only-for-a-demo-never-elsewhere!").decode())
_sandbox = f"http://localhost:{STEPPE_SANDBOX_PORT}"
STEPPE_WECHAT_SANDBOX = True
STEPPE_WECHAT_ROOT = env.text("STEPPE_WECHAT_ROOT", _sandbox)
STEPPE_WECHAT_OPEN_ROOT = env.text("STEPPE_WECHAT_OPEN_ROOT", STEPPE_WECHAT_ROOT)
STEPPE_JSSDK_URL = env.text("STEPPE_JSSDK_URL", f"{STEPPE_WECHAT_ROOT}/open/js/jweixin-1.6.0.js")
STEPPE_STYLEGUIDE = True
# The stand-in's JS-SDK knows who holds the phone by a cookie of a name below ours (sandbox/README.md).
STEPPE_SANDBOX_ORIGINS = [_sandbox, f"http://*.localhost:{STEPPE_SANDBOX_PORT}"]
