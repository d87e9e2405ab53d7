"""A camera's stand-in: an RTSP server on 127.0.0.1.

Its settings are one JSON line on standard input: {"port": 0, "user": ..., "password": ..., "mounts": {"/path": mount}}.
A mount is a "file", an MP4 with H.264 that is sent as it is and ends the stream with its end, or made here: with "codec"
(h264, h265, mjpeg), "width", "height", "fps", "keyEvery" (frames) and one of
  "pattern": a moving ball,
  "frames": a %05d.jpg pattern, played in a loop,
  "clock": true, the wall time in milliseconds as 48 black and white blocks, made frame by frame; with "raw", a file of
    I420 pictures played in a loop, the blocks are one row of 16 lines at the top of it.
It prints its port, then obeys lines: `size PATH WIDTH HEIGHT` changes a pattern while it plays. It ends with its input.
"""

import json
import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

Gst.init(None)
settings = json.loads(sys.stdin.readline())
size_filters = {}


def encoder(mount):
    key = mount.get("keyEvery", 10)
    return {
        "h264": f"x264enc tune=zerolatency sliced-threads=false threads=1 speed-preset=ultrafast key-int-max={key} bitrate=4000 "
        "! video/x-h264,profile=baseline ! rtph264pay config-interval=-1 name=pay0 pt=96",
        "h265": f"x265enc tune=zerolatency speed-preset=ultrafast key-int-max={key} "
        "! h265parse ! rtph265pay config-interval=-1 name=pay0 pt=96",
        "mjpeg": "jpegenc quality=85 ! rtpjpegpay name=pay0 pt=26",
    }[mount.get("codec", "h264")]


def source(mount):
    caps = f"width={mount['width']},height={mount['height']},framerate={mount['fps']}/1"
    if mount.get("frames"):
        return (
            f"multifilesrc location={mount['frames']} index=1 loop=true caps=image/jpeg,framerate={mount['fps']}/1 "
            "! jpegdec ! identity sync=true ! videoconvert ! video/x-raw,format=I420"
        )
    if mount.get("clock"):
        return f"appsrc name=clock is-live=true do-timestamp=true format=time caps=video/x-raw,format=I420,{caps}"
    return f"videotestsrc is-live=true pattern={mount['pattern']} ! capsfilter name=size caps=video/x-raw,format=I420,{caps}"


def launch(mount):
    if not mount.get("file"):
        return f"{source(mount)} ! {encoder(mount)}"
    return f'filesrc location="{mount["file"]}" ! qtdemux ! h264parse ! rtph264pay config-interval=-1 name=pay0 pt=96'


def clock_picture(width, height):
    """Luma of 8 x 6 blocks, the highest bit of the milliseconds first."""
    bits = format(int(time.time() * 1000), "048b")
    rows = []
    for row in range(6):
        cells = bits[row * 8 : row * 8 + 8]
        line = b"".join((b"\xeb" if cell == "1" else b"\x10") * (width // 8) for cell in cells)
        rows.append(line * (height // 6))
    return b"".join(rows) + b"\x80" * (width * height // 2)


def stamped(picture, width):
    """The picture with the blocks in its first lines."""
    bits = format(int(time.time() * 1000), "048b")
    line = b"".join((b"\xeb" if bit == "1" else b"\x10") * (width // 48) for bit in bits)
    return line * 16 + picture[len(line) * 16 :]


def pictures(mount):
    width, height = mount["width"], mount["height"]
    if not mount.get("raw"):
        while True:
            yield clock_picture(width, height)
    while True:
        with open(mount["raw"], "rb") as file:
            while picture := file.read(width * height * 3 // 2):
                yield stamped(picture, width)


def feed_clock(appsrc, mount):
    made = pictures(mount)

    def push():
        picture = next(made)
        return appsrc.emit("push-buffer", Gst.Buffer.new_wrapped(picture)) == Gst.FlowReturn.OK

    GLib.timeout_add(1000 // mount["fps"], push)


def configured(_factory, media, path, mount):
    element = media.get_element()
    if mount.get("clock"):
        feed_clock(element.get_by_name("clock"), mount)
    size = element.get_by_name("size")
    if size is not None:
        size_filters[path] = (size, mount)


def obey():
    for line in sys.stdin:
        _verb, path, width, height = line.split()
        size, mount = size_filters[path]
        caps = f"video/x-raw,format=I420,width={width},height={height},framerate={mount['fps']}/1"
        GLib.idle_add(size.set_property, "caps", Gst.Caps.from_string(caps))
    loop.quit()


server = GstRtspServer.RTSPServer.new()
server.set_address("127.0.0.1")
server.set_service(str(settings.get("port", 0)))
if settings.get("user"):
    auth = GstRtspServer.RTSPAuth.new()
    token = GstRtspServer.RTSPToken.new()
    token.set_string("media.factory.role", "viewer")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(settings["user"], settings["password"]), token)
    server.set_auth(auth)
for path, mount in settings["mounts"].items():
    factory = GstRtspServer.RTSPMediaFactory.new()
    factory.set_launch(f"( {launch(mount)} )")
    factory.set_shared(True)
    factory.connect("media-configure", configured, path, mount)
    if settings.get("user"):
        permissions = GstRtspServer.RTSPPermissions.new()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(permissions)
    server.get_mount_points().add_factory(path, factory)
if server.attach(None) == 0:
    sys.exit("the port is taken")
print(server.get_bound_port(), flush=True)
loop = GLib.MainLoop()
threading.Thread(target=obey, daemon=True).start()
loop.run()
